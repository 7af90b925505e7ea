import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, type Document, type Node } from "yaml";
import type { ConfigProblem } from "./config-problem.ts";

/** The content of a `Pulumi.<stack>.yaml`, with the line of each key. */
export interface StackFile {
  /** Faults of the text: it is not YAML, or not a stack file. With faults, the other fields may be empty. */
  faults: ConfigProblem[];
  /** Key with namespace → value. Encrypted secrets stay `{ secure: … }`. */
  values: ReadonlyMap<string, unknown>;
  /** Keys that are written without a namespace. They belong to the namespace of the project. */
  bareKeys: readonly string[];
  /** Returns the line of the key at a path such as `["slipway:drift", "threshold"]`. If it does not exist, the line of the nearest key above it. */
  lineOf(path: readonly string[]): number | undefined;
}

/** Replaces an encrypted secret. It is a valid URL, so that the check of a webhook accepts it, and its host cannot exist. */
const PLACEHOLDER = "https://sealed.invalid";

/** Parses a stack file as Pulumi does: a key without a namespace belongs to the project. */
export function readStackFile(text: string, project: string): StackFile {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const faults = document.errors.map(({ message, pos }): ConfigProblem => ({
    line: lines.linePos(pos[0]).line,
    path: "",
    message: withoutLocation(message),
    fix: "correct the YAML",
  }));
  const config = faults.length > 0 ? undefined : document.get("config");
  const writtenKeys = new Map<string, string>();
  const values = new Map<string, unknown>();
  const bareKeys: string[] = [];
  if (isMap(config)) {
    const plain = config.toJS(document) as Record<string, unknown>;
    for (const [key, value] of Object.entries(plain)) {
      const full = fullKey(project, key);
      if (full !== key) bareKeys.push(key);
      if (values.has(full))
        faults.push({
          line: lineIn(document, lines, ["config", key]),
          path: key,
          message: `must be written once: ${full} is the same key, and Pulumi uses only one of them`,
          fix: "keep one of them",
        });
      values.set(full, value);
      writtenKeys.set(full, key);
    }
  } else if (config !== undefined && config !== null && faults.length === 0)
    faults.push({
      line: 1,
      path: "config",
      message: "must be a map of keys",
      fix: "write KEY: VALUE lines under it",
    });
  return {
    faults,
    values,
    bareKeys,
    lineOf: ([key = "", ...rest]) =>
      lineIn(document, lines, ["config", writtenKeys.get(key) ?? key, ...rest]),
  };
}

/** Returns the value with a placeholder for each encrypted secret in it. */
export function withoutSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (typeof value !== "object" || value === null) return value;
  if (isSealed(value)) return PLACEHOLDER;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withoutSecrets(inner)]));
}

/** Whether a value is encrypted: `{ secure: "…" }`. */
export function isSealed(value: unknown): boolean {
  return (
    typeof value === "object" &&
    value !== null &&
    Object.keys(value).length === 1 &&
    typeof (value as Record<string, unknown>)["secure"] === "string"
  );
}

/** Returns a key with its namespace: `slipway:drift` for `drift` and for `slipway:config:drift`, its old spellings. */
function fullKey(project: string, key: string): string {
  const [namespace = "", ...rest] = key.split(":");
  if (rest.length === 0) return `${project}:${key}`;
  return rest.length === 2 && rest[0] === "config" ? `${namespace}:${rest[1] ?? ""}` : key;
}

/** Returns the line of the last key of the path that exists. */
function lineIn(document: Document, lines: LineCounter, path: readonly string[]): number | undefined {
  let node: unknown = document.contents;
  let offset: number | undefined;
  for (const step of path) {
    if (isAlias(node)) node = node.resolve(document);
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => String(isScalar(key) ? key.value : key) === step);
      if (pair === undefined) break;
      offset = (pair.key as Node).range?.[0] ?? offset;
      node = pair.value;
    } else if (isSeq(node)) {
      node = node.items[Number(step)];
      if (node === undefined) break;
      offset = (node as Node).range?.[0] ?? offset;
    } else break;
  }
  return offset === undefined ? undefined : lines.linePos(offset).line;
}

/** Returns the message of the parser without the location and the excerpt that it appends. */
function withoutLocation(message: string): string {
  const [first = ""] = message.split("\n");
  const sentence = first.replace(/ at line \d+, column \d+:?$/, "");
  return sentence.charAt(0).toLowerCase() + sentence.slice(1);
}
