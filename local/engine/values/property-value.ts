/** A JSON-like property value, unmarshalled from Pulumi's protocol. */
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

/** A value that is known only after an update. `UNKNOWN` is the only instance. */
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

/** An asset or an archive in its serialized form. */
export class Asset {
  readonly raw: Record<string, unknown>;
  constructor(raw: Record<string, unknown>) {
    this.raw = raw;
  }
}
