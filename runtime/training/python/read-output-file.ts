import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { OUTPUT_LIMITS, TRAINER_OUTPUTS } from "../../contract/trainer-container.ts";
import { BadInput } from "../../errors.ts";

/**
 * Reads a file that a trainer wrote; undefined where there is none. Throws BadInput for what is no plain file: a link could lead to the
 * secrets of the container that reads it.
 */
export async function readOutputFile(
  folder: string,
  output: keyof typeof TRAINER_OUTPUTS,
): Promise<Buffer | undefined> {
  const name = TRAINER_OUTPUTS[output];
  const limit = OUTPUT_LIMITS[output];
  const file = await open(
    join(folder, name),
    constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK,
  ).catch((error: unknown) => {
    if (codeOf(error) === "ENOENT") return undefined;
    if (codeOf(error) === "ELOOP") throw new BadInput(`train.py: out/${name} must be a file, got a link`);
    throw error;
  });
  if (file === undefined) return undefined;
  try {
    const found = await file.stat();
    if (!found.isFile()) throw new BadInput(`train.py: out/${name} must be a file, got something else`);
    if (found.size > limit)
      throw new BadInput(`train.py: out/${name} must have at most ${limit} bytes, has ${found.size}`);
    return await file.readFile();
  } finally {
    await file.close();
  }
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error ? String(error.code) : undefined;
}
