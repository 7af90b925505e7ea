/** What a preview cannot know yet. */
export const UNKNOWN = Symbol("unknown");

/** The sentinels by which Pulumi's wire marks what is not known. @see sdk/go/common/resource/plugin/rpc.go */
const SENTINELS = new Set([
  "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);

const MAX_SHOWN_CHARS = 100;

/**
 * A value in a resource, which may be missing or not known yet. Every question has an answer that accuses nobody where
 * the value, or anything above it, is unknown: what is known beside it is still judged.
 */
export class Field {
  /** Such as `spec.containers[0].image`. */
  readonly path: string;
  readonly value: unknown;

  constructor(value: unknown, path = "") {
    this.value = typeof value === "string" && SENTINELS.has(value) ? UNKNOWN : value;
    this.path = path;
  }

  /** What stands at a path of keys with dots between them. */
  at(path: string): Field {
    let { value } = this as { value: unknown };
    for (const key of path.split(".")) {
      if (value === UNKNOWN || (typeof value === "string" && SENTINELS.has(value))) {
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

  /** Known not to be there. */
  get isMissing(): boolean {
    return this.value === undefined || this.value === null;
  }

  /** Known not to be there, or to hold nothing. */
  get isEmpty(): boolean {
    if (this.isMissing || this.value === "") return true;
    if (Array.isArray(this.value)) return this.value.length === 0;
    return typeof this.value === "object" && Object.keys(this.value as object).length === 0;
  }

  /** It is, or may turn out to be, one of these. */
  mayBe(...values: unknown[]): boolean {
    return this.isUnknown || values.includes(this.value);
  }

  /** It is known to be one of these. */
  is(...values: unknown[]): boolean {
    return !this.isUnknown && values.includes(this.value);
  }

  /** Its text, where that is known. */
  get text(): string | undefined {
    return typeof this.value === "string" ? this.value : undefined;
  }

  /** Its number, where that is known. */
  get number(): number | undefined {
    if (typeof this.value === "number") return this.value;
    return this.text !== undefined && /^-?\d+(\.\d+)?$/.test(this.text) ? Number(this.text) : undefined;
  }

  /** The items of a list; a single value counts as a list of one, what is missing or unknown as an empty one. */
  items(): Field[] {
    if (this.isUnknown || this.isMissing) return [];
    if (!Array.isArray(this.value)) return [this];
    return this.value.map((item, index) => new Field(item, `${this.path}[${index}]`));
  }

  /** True where an item is known to be this value, or where one may be. */
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

  /** As JSON, for a message. */
  get shown(): string {
    if (this.isMissing) return "nothing";
    const text = JSON.stringify(this.value) ?? "unknown";
    return text.length > MAX_SHOWN_CHARS ? `${text.slice(0, MAX_SHOWN_CHARS)}…` : text;
  }
}
