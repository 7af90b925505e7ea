/** A JSON-like property value as it crosses Pulumi's wire, after unmarshalling. */
export type PropertyValue =
  | null
  | boolean
  | number
  | string
  | PropertyValue[]
  | { [key: string]: PropertyValue }
  | Unknown
  | Secret
  | Asset;

export type PropertyMap = Record<string, PropertyValue>;

/** A value that is known only after an update. There is one: `UNKNOWN`. */
export class Unknown {
  readonly kind = "unknown";
}
export const UNKNOWN = new Unknown();

export class Secret {
  readonly value: PropertyValue;
  constructor(value: PropertyValue) {
    this.value = value;
  }
}

/** An asset or an archive, kept as it came over the wire. */
export class Asset {
  readonly raw: Record<string, unknown>;
  constructor(raw: Record<string, unknown>) {
    this.raw = raw;
  }
}
