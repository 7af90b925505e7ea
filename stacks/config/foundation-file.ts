import { resolve } from "node:path";
import { fromJson } from "./from-json.ts";
import { nearestName } from "../../runtime/contract/issues/nearest-name.ts";
import { layerOf } from "./layer.ts";
import type { FoundationFile } from "./merge-foundation.ts";
import { PROJECT } from "./project-name.ts";
import { NotRegularFile, readStackText } from "./read-stack-text.ts";
import { stacksOf } from "./stacks-of.ts";
import { readStackFile, withoutSecrets, type StackFile } from "./stack-file.ts";

/** The file of a foundation with its lines. */
export interface ReadFoundationFile extends FoundationFile {
  /** Name of the foundation's stack. */
  stack: string;
  /** @default - there is no such file */
  source: { name: string; file: StackFile } | undefined;
}

/** Returns the name of the file of a stack. */
export function stackFileName(stack: string): string {
  return `Pulumi.${stack}.yaml`;
}

/** Returns the values of this project, without the namespace of their keys, from config as Pulumi passes it to a program. */
export function ownValues(raw: Readonly<Record<string, string>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(raw)
      .filter(([key]) => key.startsWith(`${PROJECT}:`))
      .map(([key, text]) => [key.slice(PROJECT.length + 1), fromJson(text)]),
  );
}

/** Returns the values of this project from a stack file, with placeholders for secrets: a text may contain JSON. */
export function fileValues(file: StackFile): Record<string, unknown> {
  return Object.fromEntries(
    [...file.values]
      .filter(([key]) => key.startsWith(`${PROJECT}:`))
      .map(([key, value]) => {
        const plain = withoutSecrets(value);
        return [key.slice(PROJECT.length + 1), typeof plain === "string" ? fromJson(plain) : plain];
      }),
  );
}

/** Reads the file of the foundation that the values name. Returns undefined if they name none. Throws NotRegularFile if it is no file. */
export async function readFoundationFile(
  root: string,
  values: Readonly<Record<string, unknown>>,
): Promise<ReadFoundationFile | undefined> {
  const layer = layerOf(values);
  if (layer.kind === "foundation" || layer.foundation === undefined) return undefined;
  const name = stackFileName(layer.foundation);
  const text = await readStackText(resolve(root, name)).catch((error: unknown) => {
    if (error instanceof NotRegularFile) throw error;
    return undefined;
  });
  if (text === undefined) {
    const nearest = nearestName(layer.foundation, await stacksOf(root).catch(() => []));
    return { stack: layer.foundation, file: name, values: undefined, nearest, source: undefined };
  }
  const file = readStackFile(text, PROJECT);
  return { stack: layer.foundation, file: name, values: fileValues(file), source: { name, file } };
}
