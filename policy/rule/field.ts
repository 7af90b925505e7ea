import { isUnknownValue } from "../../cost/estimate/unknown-value.ts";

/** Marks a value that a preview does not know yet. */
export const UNKNOWN = Symbol("unknown");

const MAX_SHOWN_CHARS = 100;

/**
 * A value in a resource, which may be missing or unknown. For an unknown value, or a value inside an unknown one, every
 * method answers so that no rule reports it. Rules still check the known values next to it.
 */
export class Field {
  /** Such as `spec.containers[0].image`. */
  readonly path: string;
  readonly value: unknown;

  constructor(value: unknown, path = "") {
    this.value = isUnknownValue(value) ? UNKNOWN : value;
    this.path = path;
  }

  /** Returns the field at a path of keys, separated by dots. */
  at(path: string): Field {
    let { value } = this as { value: unknown };
    for (const key of path.split(".")) {
      if (value === UNKNOWN || isUnknownValue(value)) {
        value = UNKNOWN;
        break;
      }
      value =
        typeof value === "object" && value !== null ? (value as Record<string, unknown>)[key] : undefined;
    }
    return new Field(value, this.path === "" ? path : `${this.path}.${path}`);
  }

  get isUnknown(): boolean {
    return this.value === UNKNOWN;
  }

  /** The value is known to be missing. */
  get isMissing(): boolean {
    return this.value === undefined || this.value === null;
  }

  /** The value is known to be missing, or to be an empty text, list or object. */
  get isEmpty(): boolean {
    if (this.isMissing || this.value === "") return true;
    if (Array.isArray(this.value)) return this.value.length === 0;
    return typeof this.value === "object" && Object.keys(this.value as object).length === 0;
  }

  /** The value is, or may turn out to be, one of these. */
  mayBe(...values: unknown[]): boolean {
    return this.isUnknown || values.includes(this.value);
  }

  /** The value is known to be one of these. */
  is(...values: unknown[]): boolean {
    return !this.isUnknown && values.includes(this.value);
  }

  /** The value if it is a known string. */
  get text(): string | undefined {
    return typeof this.value === "string" ? this.value : undefined;
  }

  /** The value if it is a known number, or a string of digits. */
  get number(): number | undefined {
    if (typeof this.value === "number") return this.value;
    return this.text !== undefined && /^-?\d+(\.\d+)?$/.test(this.text) ? Number(this.text) : undefined;
  }

  /** Returns the items of a list. A single value is a list of one; a missing or unknown value is an empty list. */
  items(): Field[] {
    if (this.isUnknown || this.isMissing) return [];
    if (!Array.isArray(this.value)) return [this];
    return this.value.map((item, index) => new Field(item, `${this.path}[${index}]`));
  }

  /** Whether an item is, or may turn out to be, this value. */
  mayInclude(value: unknown): boolean {
    return this.isUnknown || this.items().some((item) => item.mayBe(value));
  }

  entries(): [string, Field][] {
    if (typeof this.value !== "object" || this.value === null || Array.isArray(this.value)) return [];
    return Object.entries(this.value).map(([key, value]) => [
      key,
      new Field(value, this.path === "" ? key : `${this.path}.${key}`),
    ]);
  }

  /** The value as JSON, for error messages. */
  get shown(): string {
    if (this.isMissing) return "nothing";
    const text = JSON.stringify(this.value) ?? "unknown";
    return text.length > MAX_SHOWN_CHARS ? `${text.slice(0, MAX_SHOWN_CHARS)}…` : text;
  }
}
