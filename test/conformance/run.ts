import { copyFile, mkdir, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { openCrypter, type Crypter } from "../../local/engine/state/passphrase.ts";
import type { CaseStep } from "./case.ts";

const SOURCE = path.join(import.meta.dirname, "project");
export const PROJECT = "conformance";
export const STACK = "test";
export const PASSPHRASE = "for tests only";

/** One operation of one engine. */
export interface Run {
  operation: CaseStep["run"];
  /** Folder of Pulumi.yaml and of the stack's config. */
  projectDir: string;
  /** Root of the file backend. */
  backendDir: string;
  /** For files of the run. */
  folder: string;
  kubeconfig: string;
  namespace: string;
  /** Operations at once. */
  parallel: number;
}

/**
 * Copies the project to a folder of the run: the CLI writes a file beside Pulumi.yaml. Its modules stay those of the checkout.
 * @param program - the program's file. @default - the program that runs the cases
 */
export async function copyProject(folder: string, program = path.join(SOURCE, "index.ts")): Promise<string> {
  const copy = path.join(folder, "project");
  await mkdir(copy, { recursive: true });
  await copyFile(path.join(SOURCE, "Pulumi.yaml"), path.join(copy, "Pulumi.yaml"));
  await symlink(path.resolve(SOURCE, "../../../node_modules"), path.join(copy, "node_modules"));
  await writeFile(path.join(copy, "package.json"), '{ "type": "module" }\n');
  await writeFile(
    path.join(copy, "index.ts"),
    `import * as program from ${JSON.stringify(program)};\nexport default program.default;\n`,
  );
  return copy;
}

/** Writes the stack's config file into a project, with secrets as the CLI seals them. */
export async function writeStackConfig(
  projectDir: string,
  config: Readonly<Record<string, string>>,
  secretConfig: Readonly<Record<string, string>>,
): Promise<void> {
  const crypter = await (sealing ??= openCrypter(PASSPHRASE));
  const lines = [
    `encryptionsalt: ${crypter.salt}`,
    "config:",
    ...Object.entries(config).map(([key, value]) => `  ${fullKey(key)}: ${value}`),
    ...Object.entries(secretConfig).flatMap(([key, text]) => [
      `  ${fullKey(key)}:`,
      `    secure: ${crypter.encrypt(text)}`,
    ]),
  ];
  await writeFile(path.join(projectDir, `Pulumi.${STACK}.yaml`), lines.join("\n") + "\n");
}

let sealing: Promise<Crypter> | undefined;

/** A key of the config with its namespace: the project's own if the key names none. */
function fullKey(key: string): string {
  return key.includes(":") ? key : `${PROJECT}:${key}`;
}
