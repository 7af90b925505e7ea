import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { z } from "zod";
import { referenceSchema } from "../../../stacks/config/layer.ts";
import { configSchema } from "../../../stacks/config/schema.ts";
import { DRIFT_DEFAULTS } from "../../../stacks/config/schema/fit-together.ts";
import { QUOTA_DEFAULTS, SERVICE_DEFAULTS } from "../../../stacks/config/schema/fit-room.ts";

const page = await readFile(new URL("../../../docs/configuration.md", import.meta.url), "utf8");

interface Row {
  /** Key with `*` for a name that the user chooses: `environments.*.services.*.replicas`. */
  key: string;
  type: string;
  default: string;
}

/** A key of the schema with its rules. In a union, all members count. */
interface Leaf {
  /** Whether it is required in every member of a union that has it. */
  isRequired: boolean;
  /** Whether it is required in at least one member of a union. */
  isRequiredSomewhere: boolean;
  fallback?: unknown;
  minimum?: number | undefined;
}

const TARGET = "environments.*.services.*.target";

/** Returns the rows of every table with a column of keys. */
function rowsOf(text: string): Row[] {
  let header: string[] | undefined;
  return text.split("\n").flatMap((line) => {
    if (!line.startsWith("|")) {
      header = undefined;
      return [];
    }
    const cells = line
      .split(/(?<!\\)\|/)
      .slice(1, -1)
      .map((cell) => cell.trim());
    if (header === undefined) {
      header = cells;
      return [];
    }
    if (header[0] !== "key" || /^-+$/.test(cells[0] ?? "")) return [];
    expect(cells.length, `cells of: ${line}`).toBe(header.length);
    const [keys = "", type = ""] = cells;
    const names = [...keys.replaceAll(/\([^)]*\)/g, "").matchAll(/`([^`]+)`/g)].map(([, name]) => name ?? "");
    const [first = ""] = names;
    return names.map((name) => ({
      key: toPattern(name.startsWith(".") ? first.slice(0, first.lastIndexOf(".")) + name : name),
      type,
      default: cells[header!.indexOf("default")] ?? "",
    }));
  });
}

/** Replaces `T` by the path of a target, and any other capital letter, a name of the user, by `*`. */
function toPattern(key: string): string {
  return key
    .replace(/^T(?=\.)/, TARGET)
    .split(".")
    .map((part) => (/^[A-Z]$/.test(part) ? "*" : part))
    .join(".");
}

function leavesOf(schema: z.ZodType, path: string, isRequired: boolean, found: Map<string, Leaf>): void {
  if (schema instanceof z.ZodOptional) return leavesOf(schema.unwrap() as z.ZodType, path, false, found);
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault) {
    leavesOf(schema.unwrap() as z.ZodType, path, false, found);
    const fallback: unknown = schema.def.defaultValue;
    const leaf = found.get(path);
    if (leaf !== undefined) leaf.fallback = fallback;
    else
      for (const [key, value] of Object.entries(fallback as object))
        found.set(`${path}.${key}`, { isRequired: false, isRequiredSomewhere: false, fallback: value });
    return;
  }
  if (schema instanceof z.ZodUnion)
    return (schema.options as z.ZodType[]).forEach((option) => leavesOf(option, path, isRequired, found));
  if (schema instanceof z.ZodObject)
    return Object.entries(schema.shape).forEach(([key, child]) =>
      leavesOf(child as z.ZodType, path === "" ? key : `${path}.${key}`, true, found),
    );
  if (schema instanceof z.ZodRecord && !path.endsWith("tags"))
    return leavesOf(schema.valueType as z.ZodType, `${path}.*`, true, found);
  if (schema instanceof z.ZodCustom) return; // a key that is always refused
  const before = found.get(path);
  const minimum = schema instanceof z.ZodNumber && Number.isFinite(schema.minValue) ? schema.minValue : null;
  found.set(path, {
    ...before,
    isRequired: isRequired && (before?.isRequired ?? true),
    isRequiredSomewhere: isRequired || (before?.isRequiredSomewhere ?? false),
    ...(minimum === null ? {} : { minimum: Math.min(minimum, before?.minimum ?? Infinity) }),
  });
}

const leaves = new Map<string, Leaf>();
leavesOf(referenceSchema, "cluster", true, leaves);
leavesOf(configSchema, "", true, leaves);
const rows = rowsOf(page);
/** Returns the keys in the type of a row, such as `machine`, `min` and `max`. */
const listed = ({ type }: Row): string[] =>
  [...type.matchAll(/`([a-zA-Z]+)`/g)].map(([, name]) => name ?? "");
const below = (key: string): string[] =>
  [...leaves.keys()].filter((leaf) => leaf.startsWith(`${key}.`)).map((leaf) => leaf.slice(key.length + 1));

test("the page and the schema are read", () => {
  expect(rows.length).toBeGreaterThan(60);
  expect(leaves.size).toBeGreaterThan(80);
});

test("every key of the schema is on the page", () => {
  const documented = new Set(
    rows.flatMap((row) => [
      row.key,
      ...(leaves.has(row.key) ? [] : listed(row).map((name) => `${row.key}.${name}`)),
    ]),
  );
  expect([...leaves.keys()].filter((leaf) => !documented.has(leaf))).toEqual([]);
});

test("every key of the page is in the schema", () => {
  expect(rows.filter(({ key }) => !leaves.has(key) && below(key).length === 0).map(({ key }) => key)).toEqual(
    [],
  );
});

test("required keys, and only those, are marked as required", () => {
  const wrong = rows.filter((row) => {
    const leaf = leaves.get(row.key);
    if (leaf === undefined) return false;
    return row.default.startsWith("required") ? !leaf.isRequiredSomewhere : leaf.isRequired;
  });
  expect(wrong.map(({ key, default: said }) => `${key}: ${said}`)).toEqual([]);
});

test("the page and the schema have the same least numbers", () => {
  const wrong = rows.filter((row) => {
    const least = /at least (\d+)/.exec(row.type)?.[1];
    const minimum = leaves.get(row.key)?.minimum;
    return least !== undefined && minimum !== undefined && Number(least) !== minimum;
  });
  expect(wrong.map(({ key, type }) => `${key}: ${type}, not ${leaves.get(key)?.minimum}`)).toEqual([]);
});

test("the page has the defaults of the schema or the component", () => {
  const ofComponents = {
    ...prefixed("environments.*.services.*", SERVICE_DEFAULTS),
    ...prefixed("environments.*.quota", QUOTA_DEFAULTS),
    ...prefixed("drift", DRIFT_DEFAULTS),
  };
  const known = rows.flatMap(({ key, default: said }) => {
    const fallback = leaves.get(key)?.fallback ?? ofComponents[key];
    return fallback === undefined || Array.isArray(fallback)
      ? []
      : [{ key, said, fallback: typeof fallback === "string" ? fallback : JSON.stringify(fallback) }];
  });
  expect(known.length).toBeGreaterThan(12);
  expect(known.filter(({ said, fallback }) => said.replaceAll("`", "").split(",")[0] !== fallback)).toEqual(
    [],
  );
});

function prefixed(path: string, values: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [`${path}.${key}`, value]));
}
