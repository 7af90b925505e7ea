import {
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  visit,
  type Document,
  type Node,
  type YAMLMap,
} from "yaml";
import type { ConfigProblem } from "./config-problem.ts";
import { didYouMean } from "../../runtime/contract/issues/did-you-mean.ts";
import { duplicateKeys } from "./duplicate-keys.ts";

/** A `Pulumi.<stack>.yaml` as it is written, with the line of each key. */
export interface StackFile {
  /** Why the text is not YAML, or not a stack file. The other fields are empty then. */
  faults: ConfigProblem[];
  /** Key with namespace → value. Encrypted secrets stay `{ secure: … }`. */
  values: ReadonlyMap<string, unknown>;
  /** Keys without a namespace: they belong to the project. */
  bareKeys: readonly string[];
  /** Returns the line of a path's key: `["slipway:drift", "threshold"]`. For a missing key, the line of the key above it. */
  lineOf(path: readonly string[]): number | undefined;
  /** Whether the last existing key of a path has a mapping in braces, `{ … }`, into which a missing key belongs. */
  isInBraces(path: readonly string[]): boolean;
  /** Returns the text of a single value as the file has it: `012345` and not 12345. */
  textOf(path: readonly string[]): string | undefined;
}

/** Finds aliases without an anchor, and those of what they are in: their text has no end. */
function wrongAliases(document: Document, lines: LineCounter): ConfigProblem[] {
  const faults: ConfigProblem[] = [];
  visit(document, {
    Alias: (_key, alias, ancestors) => {
      const { source, range } = alias;
      const line = lines.linePos(range?.[0] ?? 0).line;
      if (ancestors.some((node) => isNode(node) && "anchor" in node && node.anchor === source))
        faults.push({
          line,
          path: "",
          message: `the alias *${source} must not be in what it repeats`,
          fix: "write its text out",
        });
      else if (alias.resolve(document) === undefined)
        faults.push({
          line,
          path: "",
          message: `the alias *${source} must have an anchor &${source} before it`,
          fix: "correct the name, or write its text out",
        });
    },
  });
  return faults;
}

/** Finds bytes that are no text. */
function binaryData(text: string): ConfigProblem[] {
  const line = text.split("\n").findIndex((each) => /[\0\uFFFD]/.test(each)) + 1;
  if (line === 0) return [];
  return [{ line, path: "", message: "must be text in UTF-8, got other bytes", fix: "write the file anew" }];
}

/** Replaces a sealed secret: it has the form of a webhook, and no server answers there. */
const PLACEHOLDER = "https://sealed.invalid";

/** Parses a stack file as Pulumi does: a key without a namespace belongs to the project. */
export function readStackFile(text: string, project: string): StackFile {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const syntaxErrors = document.errors.filter(({ code }) => code !== "DUPLICATE_KEY");
  const faults = [
    ...syntaxErrors.map(({ code, message, pos }): ConfigProblem => ({
      line: lines.linePos(pos[0]).line,
      path: "",
      ...(code === "MULTIPLE_DOCS"
        ? { message: "must be one YAML document", fix: "remove the line --- and what is below it" }
        : { message: withoutPlace(message), fix: "correct the YAML" }),
    })),
    ...binaryData(text),
    ...wrongAliases(document, lines),
    ...duplicateKeys(document, lines),
    ...unknownSections(document, lines, project),
  ];
  const config = faults.length > 0 ? undefined : document.get("config");
  const writtenKeys = new Map<string, string>();
  const values = new Map<string, unknown>();
  const bareKeys: string[] = [];
  if (isMap(config)) {
    for (const [key, value] of Object.entries(plainMap(config, document, faults))) {
      const full = fullKey(project, key);
      if (full !== key) bareKeys.push(key);
      if (values.has(full))
        faults.push({
          line: lineIn(document, lines, ["config", key]),
          path: key,
          message: `must be written once, and line ${lineIn(document, lines, ["config", writtenKeys.get(full) ?? full])} has it too, as ${writtenKeys.get(full)}`,
          fix: "keep one of the two",
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
  const written = ([key = "", ...rest]: readonly string[]): string[] => [
    "config",
    writtenKeys.get(key) ?? key,
    ...rest,
  ];
  return {
    faults,
    values,
    bareKeys,
    lineOf: (path) => lineIn(document, lines, written(path)),
    isInBraces(path) {
      const { node } = lastNode(document, written(path));
      return isMap(node) && node.flow === true;
    },
    textOf(path) {
      const { node, isWhole } = lastNode(document, written(path));
      return isWhole && isScalar(node) ? node.source : undefined;
    },
  };
}

/** Returns the content of a map. Adds a fault, and returns an empty one, where aliases of aliases would fill the memory. */
function plainMap(map: YAMLMap, document: Document, faults: ConfigProblem[]): Record<string, unknown> {
  try {
    return map.toJS(document) as Record<string, unknown>;
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error;
    faults.push({
      line: 1,
      path: "config",
      message: "must repeat less by its aliases: those of lists with aliases multiply",
      fix: "write the text out",
    });
    return {};
  }
}

/** The keys of a stack file itself. @see https://www.pulumi.com/docs/iac/concepts/projects/stack-settings-file/ */
const SECTIONS = ["config", "encryptedkey", "encryptionsalt", "environment", "secretsprovider"];

/** Finds keys beside `config` that Pulumi does not read. Pulumi itself ignores them without a word. */
function unknownSections(document: Document, lines: LineCounter, project: string): ConfigProblem[] {
  if (!isMap(document.contents)) return [];
  return document.contents.items.flatMap((pair): ConfigProblem[] => {
    const key = String(isScalar(pair.key) ? pair.key.value : pair.key);
    if (SECTIONS.includes(key)) return [];
    const line = lineIn(document, lines, [key]);
    if (!key.includes(":"))
      return [
        {
          line,
          path: key,
          message: `no such key of a stack file${didYouMean(key, SECTIONS)} (known: ${SECTIONS.join(", ")})`,
          fix: "rename or remove it, or indent it below config: if it is a key of the config",
        },
      ];
    const configLine = lineOfConfigKey(document, lines, project, fullKey(project, key));
    return [
      {
        line,
        path: key,
        message: "must be below config:, because Pulumi ignores it beside config:",
        fix:
          configLine === undefined
            ? "indent it below config:"
            : `line ${configLine} has this key already: edit that one, and remove this one`,
      },
    ];
  });
}

/** Returns the line of a key below `config`, in whatever spelling; undefined if `config` does not have it. */
function lineOfConfigKey(
  document: Document,
  lines: LineCounter,
  project: string,
  key: string,
): number | undefined {
  const config = document.get("config");
  if (!isMap(config)) return undefined;
  const written = config.items
    .map((pair) => String(isScalar(pair.key) ? pair.key.value : pair.key))
    .find((candidate) => fullKey(project, candidate) === key);
  return written === undefined ? undefined : lineIn(document, lines, ["config", written]);
}

/** Returns a value with a placeholder for each sealed secret in it. */
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

/** Returns the line of the last existing key of a path. */
function lineIn(document: Document, lines: LineCounter, path: readonly string[]): number | undefined {
  const { offset } = lastNode(document, path);
  return offset === undefined ? undefined : lines.linePos(offset).line;
}

interface LastNode {
  node: unknown;
  /** Where its key starts; undefined for the document itself. */
  offset: number | undefined;
  /** Whether the whole path exists. */
  isWhole: boolean;
}

/** Returns the node of the last existing key of a path. */
function lastNode(document: Document, path: readonly string[]): LastNode {
  let node: unknown = document.contents;
  let offset: number | undefined;
  for (const step of path) {
    if (isAlias(node)) node = node.resolve(document);
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => String(isScalar(key) ? key.value : key) === step);
      if (pair === undefined) return { node, offset, isWhole: false };
      offset = (pair.key as Node).range?.[0] ?? offset;
      node = pair.value;
    } else if (isSeq(node)) {
      const item: unknown = node.items[Number(step)];
      if (item === undefined) return { node, offset, isWhole: false };
      node = item;
      offset = (node as Node).range?.[0] ?? offset;
    } else return { node, offset, isWhole: false };
  }
  return { node, offset, isWhole: true };
}

/** Returns the message of the YAML parser without its position and excerpt. */
function withoutPlace(message: string): string {
  const [first = ""] = message.split("\n");
  const sentence = first.replace(/ at line \d+, column \d+:?$/, "");
  return sentence.charAt(0).toLowerCase() + sentence.slice(1);
}
