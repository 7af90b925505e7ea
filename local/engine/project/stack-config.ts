import { readFile } from "node:fs/promises";
import path from "node:path";
import { parse } from "yaml";
import { asMap } from "./project.ts";
import type { Project } from "./project.ts";

/** A stack's config as the program gets it: namespaced key → text (JSON for objects and lists). */
export interface StackConfig {
  values: Record<string, string>;
  secretKeys: string[];
}

export interface StackFile {
  /** `encryptionsalt` of Pulumi.STACK.yaml. */
  salt: string | undefined;
  /** As written, secrets still sealed. */
  config: Record<string, unknown>;
}

/** Reads Pulumi.STACK.yaml; a stack without one has no config. */
export async function loadStackFile(project: Project, stack: string): Promise<StackFile> {
  const file = path.join(project.root, `Pulumi.${stack}.yaml`);
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return { salt: undefined, config: {} };
    throw error;
  }
  const yaml = asMap(parse(text) as unknown);
  const salt = yaml["encryptionsalt"];
  return { salt: typeof salt === "string" ? salt : undefined, config: asMap(yaml["config"]) };
}

/** True where a value of the file is sealed, so that a crypter is needed to read it. */
export function hasSecrets(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(hasSecrets);
  if (typeof value !== "object" || value === null) return false;
  return sealed(value) !== undefined || Object.values(value).some(hasSecrets);
}

/** Opens what is sealed and gives every value the form in which the CLI passes it to a program. */
export function resolveConfig(
  project: Project,
  file: StackFile,
  extra: Record<string, string>,
  decrypt: (ciphertext: string) => string,
): StackConfig {
  const values: Record<string, string> = {};
  const secretKeys: string[] = [];
  for (const [key, value] of Object.entries(project.configDefaults)) values[key] = asText(value);
  for (const [key, value] of Object.entries(file.config)) {
    const name = fullKey(project.name, key);
    if (hasSecrets(value)) secretKeys.push(name);
    values[name] = asText(opened(value, decrypt));
  }
  for (const [key, value] of Object.entries(extra)) values[fullKey(project.name, key)] = value;
  return { values, secretKeys };
}

/** The config of one package, without its namespace: what its default provider is configured with. */
export function packageConfig(
  config: StackConfig,
  packageName: string,
): { key: string; value: string; secret: boolean }[] {
  const prefix = `${packageName}:`;
  return Object.entries(config.values)
    .filter(([key]) => key.startsWith(prefix))
    .map(([key, value]) => ({
      key: key.slice(prefix.length),
      value,
      secret: config.secretKeys.includes(key),
    }));
}

function fullKey(project: string, key: string): string {
  const [namespace = "", ...rest] = key.split(":");
  if (rest.length === 0) return `${project}:${key}`;
  if (rest.length === 2 && rest[0] === "config") return `${namespace}:${rest[1] ?? ""}`;
  return key;
}

function sealed(value: object): string | undefined {
  const entries = Object.entries(value);
  const [key, text] = entries[0] ?? [];
  return entries.length === 1 && key === "secure" && typeof text === "string" ? text : undefined;
}

function opened(value: unknown, decrypt: (ciphertext: string) => string): unknown {
  if (Array.isArray(value)) return value.map((item) => opened(item, decrypt));
  if (typeof value !== "object" || value === null) return value;
  const ciphertext = sealed(value);
  if (ciphertext !== undefined) return decrypt(ciphertext);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, opened(item, decrypt)]));
}

/** Scalars as they are written, objects and lists as JSON: JSON writes numbers and booleans the same. */
function asText(value: unknown): string {
  if (typeof value === "string") return value;
  return value === null || value === undefined ? "" : JSON.stringify(value);
}
