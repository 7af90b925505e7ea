import { BadInput } from "../../errors.ts";

/** One field of a protobuf message. @see https://protobuf.dev/programming-guides/encoding/ */
export interface WireField {
  number: number;
  /** Value of a varint; else 0. */
  varint: bigint;
  /** Content of text, bytes, a message or a packed list, or the 4 or 8 bytes of a fixed number; else empty. */
  bytes: Uint8Array;
  /** The whole field with its key, as it was read. */
  raw: Uint8Array;
}

const EMPTY = new Uint8Array();

/** Splits a message into its fields, without copies. Throws BadInput if the bytes are no message, such as those of a file that was cut off. */
export function splitFields(message: Uint8Array): WireField[] {
  const fields: WireField[] = [];
  let at = 0;
  const varint = (): bigint => {
    for (let value = 0n, shift = 0n; shift < 70n; shift += 7n) {
      const byte = message[at++];
      if (byte === undefined) throw notAMessage();
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return value;
    }
    throw notAMessage();
  };
  const take = (length: number): Uint8Array => {
    if (length > message.length - at) throw notAMessage();
    return message.subarray(at, (at += length));
  };
  while (at < message.length) {
    const start = at;
    const key = Number(varint());
    const [number, wire] = [key >>> 3, key & 7];
    if (number === 0) throw notAMessage();
    const content: Pick<WireField, "varint" | "bytes"> = { varint: 0n, bytes: EMPTY };
    if (wire === 0) content.varint = varint();
    else if (wire === 1) content.bytes = take(8);
    else if (wire === 2) content.bytes = take(Number(varint()));
    else if (wire === 5) content.bytes = take(4);
    else throw notAMessage();
    fields.push({ number, ...content, raw: message.subarray(start, at) });
  }
  return fields;
}

function notAMessage(): BadInput {
  return new BadInput("must be a whole ONNX file, got one that is cut off or has another format");
}

/** Returns the text of the first field of a number; "" if there is none. */
export function textOf(fields: readonly WireField[], number: number): string {
  const field = fields.find((each) => each.number === number);
  return field === undefined ? "" : Buffer.from(field.bytes).toString("utf8");
}

/** Returns the texts of all fields of a number. */
export function textsOf(fields: readonly WireField[], number: number): string[] {
  return fields
    .filter((each) => each.number === number)
    .map(({ bytes }) => Buffer.from(bytes).toString("utf8"));
}

/** Returns the varint of the first field of a number; 0 if there is none. */
export function numberOf(fields: readonly WireField[], number: number): number {
  return Number(BigInt.asIntN(64, fields.find((each) => each.number === number)?.varint ?? 0n));
}

/** Returns the numbers of a repeated field, packed or not. */
export function numbersOf(fields: readonly WireField[], number: number): number[] {
  return fields
    .filter((each) => each.number === number)
    .flatMap(({ bytes, varint }) => (bytes.length === 0 ? [varint] : unpacked(bytes)))
    .map((value) => Number(BigInt.asIntN(64, value)));
}

function unpacked(bytes: Uint8Array): bigint[] {
  const values: bigint[] = [];
  for (let at = 0, value = 0n, shift = 0n; at < bytes.length; at++) {
    value |= BigInt(bytes[at]! & 127) << shift;
    shift += 7n;
    if (bytes[at]! >= 128) continue;
    values.push(value);
    value = shift = 0n;
  }
  return values;
}

/** Returns the bytes of a varint field. */
export function varintField(number: number, value: number): Uint8Array {
  return Buffer.concat([varintBytes(number << 3), varintBytes(value)]);
}

/** Returns the bytes of a field with text, bytes or a message. */
export function bytesField(number: number, content: string | Uint8Array): Uint8Array {
  const bytes = typeof content === "string" ? Buffer.from(content) : content;
  return Buffer.concat([varintBytes((number << 3) | 2), varintBytes(bytes.length), bytes]);
}

/** Returns the bytes of a packed list of whole numbers. */
export function packedField(number: number, values: readonly number[]): Uint8Array {
  return bytesField(number, Buffer.concat(values.map(varintBytes)));
}

function varintBytes(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  while (rest > 127n) {
    bytes.push(Number(rest & 127n) | 128);
    rest >>= 7n;
  }
  return Uint8Array.from([...bytes, Number(rest)]);
}
