import { z } from "zod";
import { ask, unknown } from "../ask.ts";
import type { CloudCli } from "../cloud-cli.ts";
import type { Finding } from "../finding.ts";
import { countNames, nameFinding, nameFindings, plannedNames } from "../name-findings.ts";
import type { PlannedResource } from "../planned-resource.ts";

/** Says whether the names that are unique in the world, or in the account, are free. */
export async function awsNames(
  cli: CloudCli,
  region: string,
  planned: readonly PlannedResource[],
): Promise<Finding[]> {
  const at = ["--region", region];
  const buckets = plannedNames(planned, "aws:s3/bucket:Bucket", "bucket");
  const clusters = plannedNames(planned, "aws:eks/cluster:Cluster", "name");
  const found = await Promise.all([
    ...buckets.map(({ name, deployed }) =>
      lookUpName(cli, ["s3api", "head-bucket", "--bucket", name], {
        subject: `bucket ${name}`,
        isFree: /\b404\b|Not Found|NoSuchBucket/,
        isTheirs: /\b403\b|Forbidden/,
        deployed,
      }),
    ),
    ...clusters.map(({ name, deployed }) =>
      lookUpName(cli, ["eks", "describe-cluster", "--name", name, ...at], {
        subject: `cluster ${name}`,
        isFree: /ResourceNotFoundException|No cluster found/,
        deployed,
      }),
    ),
    repositories(cli, at, planned),
    secrets(cli, at, planned),
    logGroups(cli, at, planned),
  ]);
  return found.flat();
}

/** Asks whether a resource with a name exists, and whose it is. */
async function lookUpName(
  cli: CloudCli,
  args: readonly string[],
  {
    subject,
    isFree,
    isTheirs,
    deployed,
  }: { subject: string; isFree: RegExp; isTheirs?: RegExp; deployed: boolean },
): Promise<Finding> {
  const answer = await cli(args);
  if (answer.ok) return nameFinding(subject, { taken: "taken in this account", deployed });
  if (isFree.test(answer.reason)) return nameFinding(subject, { taken: undefined, deployed });
  if (isTheirs?.test(answer.reason) === true)
    return nameFinding(subject, { taken: "taken by another account", deployed: false });
  return unknown(subject, answer.reason, deployed ? "there, of this stack" : "free");
}

async function repositories(
  cli: CloudCli,
  at: readonly string[],
  planned: readonly PlannedResource[],
): Promise<Finding[]> {
  const names = plannedNames(planned, "aws:ecr/repository:Repository", "name");
  if (names.length === 0) return [];
  const schema = z.looseObject({ repositories: z.array(z.looseObject({ repositoryName: z.string() })) });
  const { value, reason } = await ask(cli, ["ecr", "describe-repositories", ...at], schema);
  if (value === undefined) return [unknown("repositories of ECR", reason, `${countNames(names)}, free`)];
  const taken = new Set(value.repositories.map(({ repositoryName }) => repositoryName));
  return nameFindings("repositories of ECR", names, taken, (name) =>
    ["aws ecr delete-repository --repository-name", name, ...at].join(" "),
  );
}

/** A secret that was deleted keeps its name until the end of its recovery window. */
async function secrets(
  cli: CloudCli,
  at: readonly string[],
  planned: readonly PlannedResource[],
): Promise<Finding[]> {
  const names = plannedNames(planned, "aws:secretsmanager/secret:Secret", "name");
  if (names.length === 0) return [];
  const schema = z.looseObject({
    SecretList: z.array(
      z.looseObject({ Name: z.string(), DeletedDate: z.union([z.string(), z.number()]).optional() }),
    ),
  });
  const { value, reason } = await ask(
    cli,
    ["secretsmanager", "list-secrets", "--include-planned-deletion", ...at],
    schema,
  );
  if (value === undefined) return [unknown("secrets", reason, `${countNames(names)}, free`)];
  const deleted = new Set(
    value.SecretList.flatMap(({ Name, DeletedDate }) => (DeletedDate === undefined ? [] : [Name])),
  );
  const kept = new Set(value.SecretList.map(({ Name }) => Name).filter((name) => !deleted.has(name)));
  const waiting = names
    .filter(({ name }) => deleted.has(name))
    .map(({ name }) => ({
      ...nameFinding(`secret ${name}`, { taken: "deleted, in its recovery window", deployed: false }),
      fix: `aws secretsmanager delete-secret --secret-id ${name} --force-delete-without-recovery ${at.join(" ")} (its value is lost)`,
    }));
  return [
    ...waiting,
    ...nameFindings(
      "secrets",
      names.filter(({ name }) => !deleted.has(name)),
      kept,
      (name) => ["aws secretsmanager delete-secret --secret-id", name, ...at].join(" "),
    ),
  ];
}

/** EKS writes to the log group of its cluster until the end, and creates it again after `destroy` has deleted it. */
async function logGroups(
  cli: CloudCli,
  at: readonly string[],
  planned: readonly PlannedResource[],
): Promise<Finding[]> {
  const names = plannedNames(planned, "aws:cloudwatch/logGroup:LogGroup", "name");
  const schema = z.looseObject({ logGroups: z.array(z.looseObject({ logGroupName: z.string() })) });
  return Promise.all(
    names.map(async ({ name, deployed }) => {
      const subject = `log group ${name}`;
      const command = ["logs", "describe-log-groups", "--log-group-name-prefix", name, ...at];
      const { value, reason } = await ask(cli, command, schema);
      if (value === undefined) return unknown(subject, reason, deployed ? "there, of this stack" : "free");
      const isTaken = value.logGroups.some(({ logGroupName }) => logGroupName === name);
      const finding = nameFinding(subject, {
        taken: isTaken ? "taken in this account" : undefined,
        deployed,
      });
      return finding.state === "wrong"
        ? { ...finding, fix: `aws logs delete-log-group --log-group-name ${name} ${at.join(" ")}` }
        : finding;
    }),
  );
}
