import { isAlias, isMap, isScalar, isSeq, parseDocument } from "yaml";
import type { Document, Scalar } from "yaml";
import { parseGoTime } from "./go-time.ts";

/** A number, boolean or date of the YAML file in the forms of Go: a JavaScript number could lose digits of a long one. */
export class WrittenScalar {
  /** The text that a program gets if the scalar is a whole config value. */
  readonly text: string;
  /** The JSON of the scalar inside a list or an object. */
  readonly json: string;

  constructor(text: string, json: string) {
    this.text = text;
    this.json = json;
  }
}

/** Parses YAML into maps, lists, strings, nulls and, for any other scalar, WrittenScalar. Throws on a syntax error. */
export function parseWritten(text: string): unknown {
  const document = parseDocument(text);
  const [error] = document.errors;
  if (error) throw error;
  return fromNode(document.contents, document);
}

function fromNode(node: unknown, document: Document): unknown {
  if (isAlias(node)) return fromNode(node.resolve(document), document);
  if (isSeq(node)) return node.items.map((item) => fromNode(item, document));
  if (isMap(node)) {
    const entries = node.items.map(({ key, value }) => [keyText(key), fromNode(value, document)] as const);
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
  const asJson = json(value, source);
  return new WrittenScalar(/^[-+]?0\d/.test(source) ? source : asJson, asJson);
}

function date(text: string): WrittenScalar | undefined {
  const time = parseGoTime(text);
  return time === undefined ? undefined : new WrittenScalar(time, JSON.stringify(time));
}

function json(value: unknown, source: string): string {
  const isWhole = typeof value === "number" && !Number.isSafeInteger(value) && /^[-+]?\d+$/.test(source);
  return isWhole ? BigInt(source.replace(/^\+/, "")).toString() : JSON.stringify(value);
}
