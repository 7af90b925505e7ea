import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseDocument } from "yaml";
import { hasSecrets } from "../../local/engine/project/stack-config.ts";

/** `Pulumi.<stack>.yaml`, read. */
export interface StackFile {
  stack: string;
  /** Name of the file, for messages. */
  file: string;
  path: string;
  text: string;
  /** Config as written: namespaced key → value; secrets are `{ secure: … }`. */
  config: Readonly<Record<string, unknown>>;
  hasSecrets: boolean;
}

/** Stacks that a folder has files for, sorted. */
export async function stacksOf(root: string): Promise<string[]> {
  const names = (await readdir(root)).map((file) => /^Pulumi\.([a-z0-9][a-z0-9-]*)\.yaml$/.exec(file)?.[1]);
  return names.filter((name) => name !== undefined).sort();
}

/** Reads the file of a stack. Throws where there is none, or where it is not YAML. */
export async function readStackFile(root: string, stack: string): Promise<StackFile> {
  const file = `Pulumi.${stack}.yaml`;
  const path = join(root, file);
  const text = await readFile(path, "utf8").catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw new Error(`${path}: cannot be read: ${error.message}`);
    const stacks = (await stacksOf(root)).join(", ") || "none";
    throw new Error(`--stack ${stack}: there is no ${file}; stacks: ${stacks}`);
  });
  return parseStackFile({ stack, file, path, text });
}

/** Parses the text of a stack's file. Throws where it is not YAML. */
export function parseStackFile({
  stack,
  file,
  path,
  text,
}: Pick<StackFile, "stack" | "file" | "path" | "text">): StackFile {
  const document = parseDocument(text);
  const [fault] = document.errors;
  if (fault !== undefined) throw new Error(`${file}: ${fault.message}`);
  const config = asMap(asMap(document.toJS() as unknown)["config"]);
  return { stack, file, path, text, config, hasSecrets: hasSecrets(config) };
}

function asMap(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};
}
