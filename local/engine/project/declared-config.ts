import { asMap } from "./as-map.ts";

const TYPES = ["string", "boolean", "integer", "number", "array", "object"] as const;
type ConfigType = (typeof TYPES)[number];

/** A key that Pulumi.yaml declares under `config`. */
export interface DeclaredConfig {
  /** Key with its namespace. */
  key: string;
  type: ConfigType | undefined;
  /** Type of each item of an array. */
  itemType: ConfigType | undefined;
  secret: boolean;
  /** Value if the stack sets none. */
  fallback: unknown;
}

/** Reads the `config` of a Pulumi.yaml. Throws on an unknown type. */
export function readDeclaredConfig(project: string, config: unknown): DeclaredConfig[] {
  return Object.entries(asMap(config)).map(([key, declared]) => {
    const map = asMap(declared);
    const isValue = typeof declared !== "object" || declared === null || Object.keys(map).length === 0;
    return {
      key: key.includes(":") ? key : `${project}:${key}`,
      type: typeOf(key, map["type"]),
      itemType: typeOf(`${key}.items`, asMap(map["items"])["type"]),
      secret: isTrue(map["secret"]),
      fallback: isValue ? declared : (map["value"] ?? map["default"]),
    };
  });
}

function isTrue(value: unknown): boolean {
  return (
    value === true ||
    (typeof value === "object" && value !== null && "text" in value && value.text === "true")
  );
}

function typeOf(key: string, type: unknown): ConfigType | undefined {
  if (type === undefined) return undefined;
  const known = TYPES.find((candidate) => candidate === type);
  if (!known)
    throw new Error(
      `Pulumi.yaml: config.${key}.type must be one of ${TYPES.join(", ")}, got ${JSON.stringify(type)}`,
    );
  return known;
}

/** Checks a stack's config as the CLI does before it runs a program. Throws on the first key that is missing or has a wrong type. */
export function checkDeclaredConfig(
  declared: readonly DeclaredConfig[],
  { values, secretKeys }: { values: Record<string, string>; secretKeys: readonly string[] },
  stack: string,
): void {
  for (const { key, type, itemType, secret } of declared) {
    if (type === undefined) continue;
    const text = values[key];
    const isSecret = secretKeys.includes(key);
    if (text === undefined)
      throw new Error(
        `stack ${stack}: missing configuration value ${key}: Pulumi.yaml declares it as ${type} without a default; set it in Pulumi.${stack}.yaml`,
      );
    if (secret && !isSecret)
      throw new Error(
        `stack ${stack}: ${key} must be secure, as Pulumi.yaml declares it; write it as \`secure:\``,
      );
    const rule = brokenRule(text, type, itemType);
    if (rule !== undefined)
      throw new Error(
        `stack ${stack}: ${key} must be ${rule}, got ${isSecret ? "another secret value" : JSON.stringify(text)}`,
      );
  }
}

/** Returns the rule that a value breaks; undefined if it has the declared type. */
function brokenRule(text: string, type: ConfigType, itemType: ConfigType | undefined): string | undefined {
  const value = parsed(text);
  if (!isOf(type, text, value)) return `of type ${type}, as Pulumi.yaml declares it`;
  if (type !== "array" || itemType === undefined || !Array.isArray(value)) return undefined;
  const items: unknown[] = value;
  const fits = items.every((item) =>
    isOf(itemType, typeof item === "string" ? item : JSON.stringify(item), item),
  );
  return fits ? undefined : `a list of ${itemType}, as Pulumi.yaml declares it`;
}

function isOf(type: ConfigType, text: string, value: unknown): boolean {
  if (type === "integer") return /^[-+]?\d+$/.test(text);
  if (type === "number") return text.trim() !== "" && Number.isFinite(Number(text));
  if (type === "boolean") return /^(true|false)$/i.test(text);
  if (type === "array") return Array.isArray(value);
  if (type === "object") return typeof value === "object" && value !== null && !Array.isArray(value);
  return typeof value !== "object" || value === null;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
