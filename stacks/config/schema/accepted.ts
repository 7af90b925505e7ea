import { z } from "zod";

/** Why a pinned version is served although it does not pass the gate of its model as it is now. */
export const acceptSchema = z
  .string()
  .min(10, "must say the reason in a sentence of at least 10 characters")
  .optional();
