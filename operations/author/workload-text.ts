import { join } from "node:path";
import { format, resolveConfig } from "prettier";
import type { WorkloadInput } from "../../runtime/contract/workload.ts";
import { ROOT } from "../root.ts";

/** Path of a field, such as `models.0.gate` → the lines of its comment. */
export type Comments = Readonly<Record<string, readonly string[]>>;

/** Longest list of texts that is written as a list, in characters. */
const SHORT_LIST = 72;
/** Characters of a list's text on one line. */
const LINE = 90;

/** Returns the text of a `workload.ts`, formatted as the files of this repository are. */
export async function workloadText(
  definition: WorkloadInput,
  { about, comments }: { about: string; comments: Comments },
): Promise<string> {
  const lists = new Map<string, string>();
  const body = literalText(definition, { path: "", owner: "" }, { comments, lists });
  const consts = [...lists].map(([name, text]) => `const ${name} = ${text};`);
  const text = [
    `import { defineWorkload } from "../../runtime/contract/workload.ts";`,
    "",
    ...consts,
    ...(consts.length === 0 ? [] : [""]),
    `/** ${about.replaceAll("*/", "")} */`,
    `export default defineWorkload(${body});`,
  ].join("\n");
  const config = await resolveConfig(join(ROOT, "workloads/example/workload.ts"));
  return format(text, { ...config, parser: "typescript" });
}

interface Context {
  comments: Comments;
  /** Constants for long lists, by name. */
  lists: Map<string, string>;
}

interface Place {
  /** Path of the value, such as `models.0.gate`. */
  path: string;
  /** Name of the nearest object that has one. */
  owner: string;
}

function literalText(value: unknown, { path, owner }: Place, context: Context): string {
  if (Array.isArray(value)) {
    if (value.length > 0 && value.every((each) => typeof each === "string"))
      return path.endsWith("categories") ? listText(value, owner, context) : JSON.stringify(value);
    const items = value.map((each, i) => literalText(each, { path: `${path}.${i}`, owner }, context));
    return `[${items.join(", ")}]`;
  }
  if (typeof value === "object" && value !== null) {
    const own = "name" in value && typeof value.name === "string" ? value.name : owner;
    const fields = Object.entries(value)
      .filter(([, each]) => each !== undefined)
      .map(([key, each]) => {
        const at = path === "" ? key : `${path}.${key}`;
        const above = (context.comments[at] ?? []).map((line) => `// ${line}\n`).join("");
        return `${above}${key}: ${literalText(each, { path: at, owner: own }, context)}`;
      });
    // A line break after the brace makes prettier keep one field on each line.
    return isShort(path) ? `{ ${fields.join(", ")} }` : `{\n${fields.join(",\n")} }`;
  }
  if (typeof value === "string" && value.includes("\n")) return `\`${value.replace(/[`\\$]/g, "\\$&")}\``;
  return JSON.stringify(value);
}

/** The definition and its models stand on several lines. */
function isShort(path: string): boolean {
  return path !== "" && !/^models\.\d+$/.test(path);
}

/** Writes a long list of texts as one text that is split, because one line for each would hide the rest. */
function listText(values: readonly string[], owner: string, { lists }: Context): string {
  const list = `[${values.map((each) => JSON.stringify(each)).join(", ")}]`;
  if (list.length <= SHORT_LIST) return list;
  const separator = [" ", "|", ";", "\n", "\u001f"].find((each) =>
    values.every((value) => value !== "" && !value.includes(each)),
  );
  if (separator === undefined) return list;
  const lines: string[] = [];
  for (const value of values) {
    const line = lines.at(-1);
    if (line === undefined || line.length + value.length > LINE) lines.push(value);
    else lines[lines.length - 1] = `${line}${separator}${value}`;
  }
  const texts = lines.map((line, i) => JSON.stringify(i === lines.length - 1 ? line : line + separator));
  const joined = texts.length === 1 ? texts[0]! : `(${texts.join(" + ")})`;
  const base = owner.toUpperCase().replace(/[^A-Z0-9]+/g, "_");
  let name = base;
  for (let i = 2; lists.has(name); i++) name = `${base}_${i}`;
  lists.set(name, `${joined}.split(${JSON.stringify(separator)})`);
  return name;
}
