import type { ViewShape } from "../contract/feature.ts";
import { Corrupt } from "../errors.ts";

/** One entity's values of one view, as of `eventTimeMs` (Unix, UTC). Missing values are NaN. */
export interface OnlineRecord {
  eventTimeMs: number;
  values: Float32Array;
}

const HEADER_BYTES = 8;

/**
 * Redis key of one entity's record. The view's digest is in it, so that a model reads only values of the definition that
 * it was trained with. Entity parts are percent-encoded, so that no entity can name another one's key.
 */
export function onlineKey(
  workload: string,
  { name, digest }: Pick<ViewShape, "name" | "digest">,
  entity: readonly string[],
): string {
  const version = digest === undefined ? "" : `:${digest}`;
  return `fv:${workload}:${name}${version}:${entity.map(encodeURIComponent).join("|")}`;
}

/** float64 event time, then one float32 for each feature; little endian. */
export function encodeRecord({ eventTimeMs, values }: OnlineRecord): Buffer {
  const bytes = Buffer.alloc(HEADER_BYTES + values.length * 4);
  bytes.writeDoubleLE(eventTimeMs, 0);
  values.forEach((value, i) => bytes.writeFloatLE(value, HEADER_BYTES + i * 4));
  return bytes;
}

/** Throws Corrupt unless the record holds exactly `width` values: it was written for another version of the view. */
export function decodeRecord(bytes: Buffer, width: number): OnlineRecord {
  if (bytes.length !== HEADER_BYTES + width * 4)
    throw new Corrupt(
      `feature store: record must hold ${width} values (${HEADER_BYTES + width * 4} bytes), got ${bytes.length} bytes; materialize the view again`,
    );
  const values = new Float32Array(width);
  for (let i = 0; i < width; i++) values[i] = bytes.readFloatLE(HEADER_BYTES + i * 4);
  return { eventTimeMs: bytes.readDoubleLE(0), values };
}
