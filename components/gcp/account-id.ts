import { createHash } from "node:crypto";

/** Longest id of a Google service account; the shortest has 6 characters. */
const MAX = 30;
const HASH = 6;

/**
 * Joins parts with hyphens to the id of a Google service account. Where the result is too long or too short, it is cut and
 * ends in a hash of the parts, so that different parts never give the same id.
 *
 * @see https://cloud.google.com/iam/docs/service-accounts-create
 */
export function accountId(...parts: string[]): string {
  const whole = parts.join("-");
  if (whole.length <= MAX && whole.length >= HASH) return whole;
  // Hashes the list of parts, because ["a", "b-c"] and ["a-b", "c"] join to the same text.
  const hash = createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, HASH);
  const room = MAX - HASH - 1;
  return `${whole.slice(0, room).replace(/-+$/, "")}-${hash}`;
}

/** E-mail address of a service account. */
export function accountEmail(id: string, project: string): string {
  return `${id}@${project}.iam.gserviceaccount.com`;
}

/**
 * IAM member of one Kubernetes service account, by its exact name.
 *
 * @see https://cloud.google.com/kubernetes-engine/docs/how-to/workload-identity
 */
export function workloadMember(project: string, namespace: string, serviceAccount: string): string {
  return `serviceAccount:${project}.svc.id.goog[${namespace}/${serviceAccount}]`;
}
