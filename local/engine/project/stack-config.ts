import { readFile } from "node:fs/promises";
import path from "node:path";
import { asMap } from "./as-map.ts";
import { configText } from "./config-text.ts";
import type { Project } from "./project.ts";
import { parseWritten } from "./written-yaml.ts";

/** The config that a program gets: namespaced key → text (JSON for objects and lists). */
export interface StackConfig {
  values: Record<string, string>;
  secretKeys: string[];
  /** Every secret of the config in plain text; all output masks them. */
  secretTexts: string[];
}

export interface StackFile {
  /** `encryptionsalt` of Pulumi.STACK.yaml. */
  salt: string | undefined;
  /** Config of the file; secrets are encrypted. */
  config: Record<string, unknown>;
}

/** Reads Pulumi.STACK.yaml. A stack without this file has no config. */
export async function loadStackFile(project: Project, stack: string): Promise<StackFile> {
  const file = path.join(project.configDir, `Pulumi.${stack}.yaml`);
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return { salt: undefined, config: {} };
    throw error;
  }
  const yaml = asMap(parseWritten(text));
  const environment = yaml["environment"];
  if (Array.isArray(environment) ? environment.length > 0 : environment !== undefined && environment !== null)
    throw new Error(
      `${file}: environment must be left out: the offline engine cannot open Pulumi ESC environments; write their values under config, or use the pulumi CLI`,
    );
  const salt = yaml["encryptionsalt"];
  return { salt: typeof salt === "string" ? salt : undefined, config: asMap(yaml["config"]) };
}

/** True if a value holds an encrypted secret. */
export function hasSecrets(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(hasSecrets);
  if (typeof value !== "object" || value === null) return false;
  return ciphertextIn(value) !== undefined || Object.values(value).some(hasSecrets);
}

/** Decrypts the secrets and returns every value in the form that the CLI passes to a program. */
export function resolveConfig(
  project: Project,
  file: StackFile,
  extra: Record<string, string>,
  decrypt: (ciphertext: string) => string,
): StackConfig {
  const values: Record<string, string> = {};
  const secretKeys = new Set<string>();
  const secretTexts: string[] = [];
  const open = (ciphertext: string): string => {
    const plaintext = decrypt(ciphertext);
    secretTexts.push(plaintext);
    return plaintext;
  };
  for (const { key, fallback, secret } of project.declaredConfig) {
    if (fallback === undefined) continue;
    values[key] = configText(fallback);
    if (secret) secretKeys.add(key);
  }
  for (const [key, value] of Object.entries(file.config)) {
    const name = fullKey(project.name, key);
    if (hasSecrets(value)) secretKeys.add(name);
    values[name] = configText(decrypted(value, open));
  }
  for (const [key, value] of Object.entries(extra)) values[fullKey(project.name, key)] = value;
  for (const { key, secret } of project.declaredConfig) {
    const text = values[key];
    if (secret && secretKeys.has(key) && text !== undefined) secretTexts.push(text);
  }
  return { values, secretKeys: [...secretKeys], secretTexts };
}

/** Returns the config of one package, without its namespace. It configures the package's default provider. */
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

/** Returns a key with its namespace; a key without one belongs to the project. */
export function fullKey(project: string, key: string): string {
  const [namespace = "", ...rest] = key.split(":");
  if (rest.length === 0) return `${project}:${key}`;
  if (rest.length === 2 && rest[0] === "config") return `${namespace}:${rest[1] ?? ""}`;
  return key;
}

/** Returns the ciphertext of `{ secure: … }`; undefined for any other map. */
function ciphertextIn(value: object): string | undefined {
  const entries = Object.entries(value);
  const [key, text] = entries[0] ?? [];
  return entries.length === 1 && key === "secure" && typeof text === "string" ? text : undefined;
}

function decrypted(value: unknown, open: (ciphertext: string) => string): unknown {
  if (Array.isArray(value)) return value.map((item) => decrypted(item, open));
  if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype)
    return value;
  const ciphertext = ciphertextIn(value);
  if (ciphertext !== undefined) return open(ciphertext);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, decrypted(item, open)]));
}
