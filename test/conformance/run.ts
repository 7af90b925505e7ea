import { copyFile, mkdir, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import type { CaseStep } from "./case.ts";

const SOURCE = path.join(import.meta.dirname, "project");
export const PROJECT = "conformance";
export const STACK = "test";
export const PASSPHRASE = "for tests only";

/** One operation of one engine. */
export interface Run {
  operation: CaseStep["run"];
  config: Readonly<Record<string, string>>;
  /** Folder of Pulumi.yaml. */
  projectDir: string;
  /** Where the engine keeps its state. */
  folder: string;
  kubeconfig: string;
  namespace: string;
  /** Operations at once. */
  parallel: number;
}

/** Copies the project to a folder of the run: the CLI writes a file beside Pulumi.yaml. Its modules stay those of the checkout. */
export async function copyProject(folder: string): Promise<string> {
  const copy = path.join(folder, "project");
  await mkdir(copy, { recursive: true });
  await copyFile(path.join(SOURCE, "Pulumi.yaml"), path.join(copy, "Pulumi.yaml"));
  await symlink(path.resolve(SOURCE, "../../../node_modules"), path.join(copy, "node_modules"));
  await writeFile(path.join(copy, "package.json"), '{ "type": "module" }\n');
  await writeFile(
    path.join(copy, "index.ts"),
    `export { default } from ${JSON.stringify(path.join(SOURCE, "index.ts"))};\n`,
  );
  return copy;
}

/** Keys of the config with their namespaces: the project's own where a key names none. */
export function fullKeys(config: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => [key.includes(":") ? key : `${PROJECT}:${key}`, value]),
  );
}
