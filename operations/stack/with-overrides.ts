import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseDocument } from "yaml";
import { loadStackFile } from "./load-stack-file.ts";

/**
 * Runs work with a temporary copy of a stack's file that has the overrides, for `pulumi --config-file`. Without overrides there is a
 * copy too, because the CLI writes to the file that it is given: `encryptionsalt`, and its own form of the YAML. The file in the
 * repository stays as it is.
 */
export async function withOverrides<T>(
  options: { projectDir: string; stack: string; config: Readonly<Record<string, string>> },
  work: (configFile: string) => Promise<T>,
): Promise<T> {
  const { projectDir, stack, config } = options;
  const { text } = await loadStackFile(projectDir, stack);
  const folder = await mkdtemp(join(tmpdir(), "slipway-stack-")); // readable by its owner alone
  try {
    const file = join(folder, `Pulumi.${stack}.yaml`);
    await writeFile(file, overridden(text, config));
    return await work(file);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Returns the text of a stack's file with config set. The values of objects and lists are JSON. */
export function overridden(text: string, config: Readonly<Record<string, string>>): string {
  if (Object.keys(config).length === 0) return text;
  const document = parseDocument(text);
  for (const [key, value] of Object.entries(config))
    document.setIn(["config", key], document.createNode(fromJson(value)));
  return document.toString({ lineWidth: 0 });
}

function fromJson(value: string): unknown {
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return value;
  }
}
