import { z } from "zod";
import { ask, unknown } from "../ask.ts";
import type { CloudCli } from "../cloud-cli.ts";
import type { Finding } from "../finding.ts";
import { countNames, nameFinding, nameFindings, plannedNames } from "../name-findings.ts";
import type { PlannedResource } from "../planned-resource.ts";
import { API_IS_OFF } from "./api-is-off.ts";

/** Names of a kind that are unique in a project, and how to list and to delete things of this kind. */
interface Kind {
  what: string;
  type: string;
  /** Input with the name. */
  input: string;
  list: readonly string[];
  remove: (name: string) => string;
}

const listed = z.array(z.looseObject({ name: z.string() }));

/** Says whether the names that are unique in the world, or in the project, are free. */
export async function gcpNames(
  cli: CloudCli,
  { project, region, planned }: { project: string; region: string; planned: readonly PlannedResource[] },
): Promise<Finding[]> {
  const at = ["--project", project];
  const kinds: Kind[] = [
    {
      what: "repositories of Artifact Registry",
      type: "gcp:artifactregistry/repository:Repository",
      input: "repositoryId",
      list: ["artifacts", "repositories", "list", "--location", region, ...at],
      remove: (name) => `gcloud artifacts repositories delete ${name} --location ${region} ${at.join(" ")}`,
    },
    {
      what: "secrets",
      type: "gcp:secretmanager/secret:Secret",
      input: "secretId",
      list: ["secrets", "list", ...at],
      remove: (name) => `gcloud secrets delete ${name} ${at.join(" ")}`,
    },
    {
      what: "service accounts",
      type: "gcp:serviceaccount/account:Account",
      input: "accountId",
      list: ["iam", "service-accounts", "list", ...at],
      remove: (name) => `gcloud iam service-accounts delete ${email(name, project)} ${at.join(" ")}`,
    },
  ];
  const buckets = plannedNames(planned, "gcp:storage/bucket:Bucket", "name");
  const found = await Promise.all([
    ...buckets.map(async (bucket) => [await bucketFinding(cli, bucket)]),
    ...kinds.map((kind) => kindFindings(cli, kind, planned)),
  ]);
  return found.flat();
}

/** The names of buckets are unique in the world. */
async function bucketFinding(
  cli: CloudCli,
  { name, deployed }: { name: string; deployed: boolean },
): Promise<Finding> {
  const subject = `bucket ${name}`;
  const answer = await cli(["storage", "buckets", "describe", `gs://${name}`]);
  if (answer.ok)
    return nameFinding(subject, { taken: "taken, by a bucket that this account may read", deployed });
  if (/\b404\b|not found/i.test(answer.reason)) return nameFinding(subject, { taken: undefined, deployed });
  // Google answers the same for a bucket of others and for one that this account may not read.
  if (/\b403\b|does not have (permission|storage\.buckets\.get)/.test(answer.reason) && !deployed)
    return nameFinding(subject, { taken: "taken, by a bucket that this account may not read", deployed });
  return unknown(subject, answer.reason, deployed ? "there, of this stack" : "free");
}

async function kindFindings(
  cli: CloudCli,
  { what, type, input, list, remove }: Kind,
  planned: readonly PlannedResource[],
): Promise<Finding[]> {
  const names = plannedNames(planned, type, input);
  if (names.length === 0) return [];
  const { value, reason } = await ask(cli, list, listed);
  // Nothing of the kind can be in a project whose API is off.
  if (value === undefined && !API_IS_OFF.test(reason))
    return [unknown(what, reason, `${countNames(names)}, free`)];
  // `projects/…/secrets/NAME`, and `projects/…/serviceAccounts/NAME@PROJECT.iam.gserviceaccount.com`
  const taken = new Set((value ?? []).map(({ name }) => name.split("/").at(-1)?.split("@")[0] ?? name));
  return nameFindings(what, names, taken, remove);
}

function email(accountId: string, project: string): string {
  return `${accountId}@${project}.iam.gserviceaccount.com`;
}
