import { z } from "zod";

/** A name in kebab case: it is part of the names of repositories, services and metrics. */
export const kebabNameSchema = z
  .string()
  .regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, "must be in kebab case, such as flight-delays");
