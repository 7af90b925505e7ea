import { readFileSync } from "node:fs";
import { z } from "zod";

/** Reads a JSON file and checks it with a schema. Throws an error that names the file and the wrong fields. */
export function readJson<Schema extends z.ZodType>(file: string, schema: Schema): z.infer<Schema> {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw new Error(`${file}: cannot be read: ${(error as NodeJS.ErrnoException).code ?? String(error)}`, {
      cause: error,
    });
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new Error(`${file}: must be JSON: ${(error as Error).message}`, { cause: error });
  }
  const { success, data, error } = schema.safeParse(json);
  if (!success) {
    const shown = error.issues
      .slice(0, 5)
      .map(({ path, message }) => `${z.core.toDotPath(path)}: ${message}`);
    const more = error.issues.length - shown.length;
    throw new Error(`${file}: ${shown.join("; ")}${more > 0 ? `; and ${more} more` : ""}`);
  }
  return data;
}
