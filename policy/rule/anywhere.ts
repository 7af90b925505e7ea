import { isIPv4, isIPv6 } from "node:net";
import type { Field } from "./field.ts";

/** Shortest prefixes of networks that somebody may own: a block of a registry for IPv4, and the private `fc00::/7` for IPv6. */
const SHORTEST = { v4: 8, v6: 7 };

/**
 * Whether a network is the whole internet, or a part that is too wide for an owner: `0.0.0.0/0` is also `10.1.2.3/0`, `::0/0`, or
 * two halves such as `0.0.0.0/1` and `128.0.0.0/1`.
 */
export function isAnywhere({ text }: Field): boolean {
  const [address = "", bits] = text?.trim().split("/") ?? [];
  if (bits === undefined) return address === "0.0.0.0" || address === "::";
  if (!/^\d+$/.test(bits)) return false;
  if (isIPv4(address)) return Number(bits) < SHORTEST.v4;
  return isIPv6(address) && Number(bits) < SHORTEST.v6;
}
