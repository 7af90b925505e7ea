import { Asset, Secret } from "./values/property-value.ts";
import type { PropertyMap, PropertyValue } from "./values/property-value.ts";
import { isMap } from "./values/values.ts";

/** Shorter texts are not masked: they occur in too many places by chance. */
const MIN_CHARACTERS = 4;
/** In a secret of several lines, such as a private key, each line that is this distinctive is masked too. */
const DISTINCTIVE_LINE = /^\S{16,}$/;

/** Hides secrets in texts from programs, servers and policies, which may quote them. */
export class SecretMask {
  readonly #pattern: RegExp | undefined;

  constructor(secrets: readonly string[]) {
    const texts = [...new Set(secrets.flatMap(spellings))].filter((text) => text.length >= MIN_CHARACTERS);
    // The longest come first: one secret may be part of another.
    texts.sort((a, b) => b.length - a.length);
    if (texts.length > 0) this.#pattern = new RegExp(texts.map(escaped).join("|"), "g");
  }

  /** False if there is nothing to hide. */
  get isNeeded(): boolean {
    return this.#pattern !== undefined;
  }

  text(text: string): string {
    return this.#pattern ? text.replace(this.#pattern, "[secret]") : text;
  }

  /** Masks every text in plain JSON. Keys are not changed. */
  json<T>(value: T): T {
    return this.#pattern ? (maskJson(value, (text) => this.text(text)) as T) : value;
  }

  properties(map: PropertyMap): PropertyMap {
    if (!this.#pattern) return map;
    return Object.fromEntries(Object.entries(map).map(([key, item]) => [key, this.#value(item)]));
  }

  #value(value: PropertyValue): PropertyValue {
    if (typeof value === "string") return this.text(value);
    if (Array.isArray(value)) return value.map((item) => this.#value(item));
    if (value instanceof Secret || value instanceof Asset) return value;
    return isMap(value) ? this.properties(value) : value;
  }
}

function maskJson(value: unknown, mask: (text: string) => string): unknown {
  if (typeof value === "string") return mask(value);
  if (Array.isArray(value)) return value.map((item) => maskJson(item, mask));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, maskJson(item, mask)]));
}

/** Returns a secret and the encoded forms in which servers and programs repeat it. */
function spellings(secret: string): string[] {
  const text = secret.trim();
  if (text.length < MIN_CHARACTERS) return [];
  const lines = text.split("\n").map((line) => line.trim());
  return [
    text,
    JSON.stringify(text).slice(1, -1),
    encodeURIComponent(text),
    Buffer.from(secret).toString("base64"),
    ...(lines.length > 1 ? lines.filter((line) => DISTINCTIVE_LINE.test(line)) : []),
  ];
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

/** Returns every text inside the secrets of these properties. */
export function secretTextsIn(value: PropertyValue | undefined, isSecret = false): string[] {
  if (value instanceof Secret) return secretTextsIn(value.value, true);
  if (typeof value === "string") return isSecret ? [value] : [];
  if (Array.isArray(value)) return value.flatMap((item) => secretTextsIn(item, isSecret));
  return isMap(value) ? Object.values(value).flatMap((item) => secretTextsIn(item, isSecret)) : [];
}
