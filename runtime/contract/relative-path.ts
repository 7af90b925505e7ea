import { z } from "zod";

/** A path that stays in the folder that it starts from. */
export const relativePathSchema = z
  .string()
  .regex(
    /^(?!\/)(?!.*(^|\/)\.\.(\/|$)).+$/,
    "must be a path below its folder, without .. and without / at its start",
  );
