import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { parseImagesLock, type ImagesLock } from "../../components/platform/registry/images-lock.ts";
import { ConfigError } from "./config-error.ts";
import type { ConfigSource } from "./config-source.ts";
import { commandFor, missingFile } from "./missing-file.ts";
import { toProblem } from "./parse-config.ts";
import type { StackConfig } from "./schema.ts";
import { UserError } from "./user-error.ts";

export type FileKey = readonly [string, "lockFile" | "credentialsFile" | "readCredentialsFile"];

/** What the messages about a file need. */
export interface FileContext {
  /** The files that the config is from, for the lines of problems. @default - problems have keys alone */
  source?: ConfigSource | undefined;
  /** Name of the stack, for the commands in messages. @default "STACK" */
  stack?: string | undefined;
  registryKind: StackConfig["registry"]["kind"];
}

/** Reads a file that the config names. Throws a ConfigError where it cannot be read. */
export async function readNamedFile(
  key: FileKey,
  path: string,
  root: string,
  { source, stack = "STACK", registryKind }: FileContext,
): Promise<string> {
  try {
    return await readFile(resolve(root, path), "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const fault = await missingFile(
      { key, path, fix: commandFor(key[1], { registryKind, stack }) },
      root,
      code,
    );
    throw new ConfigError(
      [toProblem({ ...fault, inFoundation: source?.foundation !== undefined }, source)],
      source?.name,
    );
  }
}

/** Reads the lock file of the images. Throws a ConfigError where it cannot be read, and a UserError where it is not valid. */
export async function readLock(lockFile: string, root: string, context: FileContext): Promise<ImagesLock> {
  return parseLock(await readNamedFile(["images", "lockFile"], lockFile, root, context), lockFile);
}

function parseLock(text: string, file: string): ImagesLock {
  try {
    return parseImagesLock(text, file);
  } catch (error) {
    throw new UserError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}
