import { createHash } from "node:crypto";

/** Priorities of rules of gateways in a security group. Azure allows 100 to 4096. */
const FIRST = 1000;
const COUNT = 3000;

/**
 * Returns the priority of a gateway's rule in a security group, 1000 to 3999. It follows from the name alone, so that no other gateway
 * changes it. Azure refuses two rules with one priority, which is rare.
 */
export function rulePriority(gateway: string): number {
  return FIRST + (createHash("sha256").update(gateway).digest().readUInt32BE(0) % COUNT);
}
