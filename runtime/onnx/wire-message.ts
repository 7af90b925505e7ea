import protobuf from "protobufjs";

/** One field of an encoded protobuf message: its number, and its bytes with the tag. */
export interface WireField {
  number: number;
  /** The field as it is encoded, with its tag. */
  bytes: Uint8Array;
  /** The content of a field of variable length; undefined for numbers. */
  content?: Uint8Array;
}

const LENGTH_DELIMITED = 2;

/** Splits an encoded message into its fields, whatever they mean, so that a part can be changed and the rest kept to the byte. */
export function readFields(bytes: Uint8Array): WireField[] {
  const reader = protobuf.Reader.create(bytes);
  const fields: WireField[] = [];
  while (reader.pos < reader.len) {
    const start = reader.pos;
    const tag = reader.uint32();
    const [number, type] = [tag >>> 3, tag & 7];
    if (number === 0) throw new RangeError("field number 0");
    if (type === LENGTH_DELIMITED) {
      const content = reader.bytes();
      fields.push({ number, bytes: bytes.subarray(start, reader.pos), content });
    } else {
      reader.skipType(type);
      fields.push({ number, bytes: bytes.subarray(start, reader.pos) });
    }
  }
  return fields;
}

/** Returns a field of variable length. */
export function field(number: number, content: Uint8Array): WireField {
  const bytes = protobuf.Writer.create()
    .uint32(((number << 3) | LENGTH_DELIMITED) >>> 0)
    .bytes(content)
    .finish();
  return { number, bytes, content };
}

export function writeFields(fields: readonly WireField[]): Uint8Array {
  return Buffer.concat(fields.map(({ bytes }) => bytes));
}
