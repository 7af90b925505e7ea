import { z } from "zod";
import type { CloudCli } from "../cloud-cli.ts";
import type { Finding } from "../finding.ts";
import { plannedOf, type PlannedResource } from "../planned-resource.ts";

/** Says whether the names that are unique in the world, or in the account, are free. `exists`: the stack was deployed before. */
export async function awsNames(
  cli: CloudCli,
  region: string,
  planned: readonly PlannedResource[],
  exists: boolean,
): Promise<Finding[]> {
  const buckets = plannedOf(planned, "aws:s3/bucket:Bucket", z.looseObject({ bucket: z.string() }));
  const clusters = plannedOf(planned, "aws:eks/cluster:Cluster", z.looseObject({ name: z.string() }));
  return Promise.all([
    ...buckets.map(({ inputs: { bucket } }) =>
      taken(cli, ["s3api", "head-bucket", "--bucket", bucket], {
        subject: `bucket ${bucket}`,
        isFree: /\b404\b|Not Found|NoSuchBucket/,
        isTheirs: /\b403\b|Forbidden/,
        exists,
      }),
    ),
    ...clusters.map(({ inputs: { name } }) =>
      taken(cli, ["eks", "describe-cluster", "--name", name, "--region", region], {
        subject: `cluster ${name}`,
        isFree: /ResourceNotFoundException|No cluster found/,
        exists,
      }),
    ),
  ]);
}

async function taken(
  cli: CloudCli,
  args: readonly string[],
  {
    subject,
    isFree,
    isTheirs,
    exists,
  }: { subject: string; isFree: RegExp; isTheirs?: RegExp; exists: boolean },
): Promise<Finding> {
  const needed = exists ? "there, of this stack" : "free";
  const fix = "choose another cloud.prefix; if it is this stack's own, use the backend that has its state";
  const answer = await cli(args);
  if (answer.ok)
    return exists
      ? { subject, state: "ok", found: "there", needed }
      : { subject, state: "wrong", found: "taken in this account", needed, fix };
  if (isFree.test(answer.reason)) return { subject, state: "ok", found: "free", needed: "free" };
  if (isTheirs?.test(answer.reason) === true)
    return { subject, state: "wrong", found: "taken by another account", needed, fix };
  return { subject, state: "unknown", found: answer.reason, needed };
}
