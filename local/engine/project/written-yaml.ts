import { isAlias, isMap, isScalar, isSeq, parseDocument } from "yaml";
import type { Document, Scalar } from "yaml";
import { parseGoTime } from "./go-time.ts";

/** A number, boolean or date as it stands in a YAML file: what JavaScript would make of it may lose digits. */
export class WrittenScalar {
  /** What a program gets where the scalar is a value of its own. */
  readonly text: string;
  /** What stands in the JSON of a list or an object. */
  readonly json: string;

  constructor(text: string, json: string) {
    this.text = text;
    this.json = json;
  }
}

/** Parses YAML into maps, lists, strings, nulls and, for every other scalar, WrittenScalar. Throws on a syntax error. */
export function parseWritten(text: string): unknown {
  const document = parseDocument(text);
  const [error] = document.errors;
  if (error) throw error;
  return written(document.contents, document);
}

function written(node: unknown, document: Document): unknown {
  if (isAlias(node)) return written(node.resolve(document), document);
  if (isSeq(node)) return node.items.map((item) => written(item, document));
  if (isMap(node)) {
    const entries = node.items.map(({ key, value }) => [keyText(key), written(value, document)] as const);
    return Object.fromEntries(entries);
  }
  return isScalar(node) ? scalar(node) : null;
}

function keyText(key: unknown): string {
  return isScalar(key) ? (key.source ?? String(key.value)) : String(key);
}

function scalar({ value, source = "", type }: Scalar): unknown {
  if (typeof value === "string") return (type === "PLAIN" ? date(value) : undefined) ?? value;
  if (value === null || value === undefined) return null;
  return new WrittenScalar(source, json(value, source));
}

function date(text: string): WrittenScalar | undefined {
  const time = parseGoTime(text);
  return time && new WrittenScalar(time.text, JSON.stringify(time.rfc3339));
}

function json(value: unknown, source: string): string {
  const isWhole = typeof value === "number" && !Number.isSafeInteger(value) && /^[-+]?\d+$/.test(source);
  return isWhole ? BigInt(source.replace(/^\+/, "")).toString() : JSON.stringify(value);
}
