import { createHash } from "node:crypto";

/** A Google service account's id has 6 to 30 characters. */
const MAX = 30;
const HASH = 6;

/**
 * Id of the Google service account of something: its parts with hyphens, cut and closed by a hash where they are too
 * long for 30 characters, so that two never share one.
 *
 * @see https://cloud.google.com/iam/docs/service-accounts-create
 */
export function accountId(...parts: string[]): string {
  const whole = parts.join("-");
  if (whole.length <= MAX && whole.length >= HASH) return whole;
  // Hashed by parts: ["a", "b-c"] and ["a-b", "c"] read the same.
  const hash = createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, HASH);
  const room = MAX - HASH - 1;
  return `${whole.slice(0, room).replace(/-+$/, "")}-${hash}`;
}

/** E-mail address of a service account of a project. */
export function accountEmail(id: string, project: string): string {
  return `${id}@${project}.iam.gserviceaccount.com`;
}

/**
 * Member of IAM policies that stands for one Kubernetes service account, by its exact name.
 *
 * @see https://cloud.google.com/kubernetes-engine/docs/how-to/workload-identity
 */
export function workloadMember(project: string, namespace: string, serviceAccount: string): string {
  return `serviceAccount:${project}.svc.id.goog[${namespace}/${serviceAccount}]`;
}
