import type { ViewShape } from "../contract/feature.ts";

/** One entity's values of one view. Times are Unix milliseconds, UTC. Missing values are NaN. */
export interface OnlineRecord {
  /** Time that the values describe. */
  eventTimeMs: number;
  /** Time from which the values could be known; never before eventTimeMs. */
  knownAtMs: number;
  values: Float32Array;
}

const HEADER_BYTES = 16;
/** Length of the header in records for model cards without view digests: only the event time. */
const OLD_HEADER_BYTES = 8;

/**
 * Returns the Redis key of one entity's record. It has the view's digest, so that a model reads only values of the definition that
 * it was trained with. Parts of the entity are percent-encoded, so that no entity has the key of another; half of a surrogate
 * pair, which has no encoding, is replaced.
 */
export function onlineKey(
  workload: string,
  { name, digest }: Pick<ViewShape, "name" | "digest">,
  entity: readonly string[],
): string {
  const version = digest === undefined ? "" : `:${digest}`;
  const parts = entity.map((part) => encodeURIComponent(part.replace(/\p{Surrogate}/gu, "\uFFFD")));
  return `fv:${workload}:${name}${version}:${parts.join("|")}`;
}

/** Encodes a record: float64 event time, float64 known-at time, then one float32 for each feature; little endian. */
export function encodeRecord({ eventTimeMs, knownAtMs, values }: OnlineRecord): Buffer {
  const bytes = Buffer.alloc(HEADER_BYTES + values.length * 4);
  bytes.writeDoubleLE(eventTimeMs, 0);
  bytes.writeDoubleLE(knownAtMs, 8);
  values.forEach((value, i) => bytes.writeFloatLE(value, HEADER_BYTES + i * 4));
  return bytes;
}

/** Decodes a record. Returns undefined unless it holds exactly `width` values: then it belongs to another definition. */
export function decodeRecord(bytes: Buffer, width: number): OnlineRecord | undefined {
  const header = bytes.length - width * 4;
  if (header !== HEADER_BYTES && header !== OLD_HEADER_BYTES) return undefined;
  const values = new Float32Array(width);
  for (let i = 0; i < width; i++) values[i] = bytes.readFloatLE(header + i * 4);
  const eventTimeMs = bytes.readDoubleLE(0);
  return { eventTimeMs, knownAtMs: header === HEADER_BYTES ? bytes.readDoubleLE(8) : eventTimeMs, values };
}
