import { z } from "zod";
import { ask, unknown } from "../ask.ts";
import type { CloudCli } from "../cloud-cli.ts";
import type { Finding } from "../finding.ts";
import { plannedOf, type PlannedResource } from "../planned-resource.ts";

const configuration = z.looseObject({
  rules: z
    .array(
      z.looseObject({
        destinations: z.array(z.looseObject({ region: z.string(), registryId: z.string() })),
        repositoryFilters: z.array(z.looseObject({ filter: z.string() })).optional(),
      }),
    )
    .default([]),
});
const registrySchema = z.looseObject({ replicationConfiguration: configuration.prefault({}) });
type Rule = z.infer<typeof configuration>["rules"][number];

/**
 * Says whether ECR has another replication setting in the account and region, which the planned one would replace without a question. Finds
 * nothing if the stack plans none.
 * @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_DescribeRegistry.html
 */
export async function awsReplication(
  cli: CloudCli,
  region: string,
  planned: readonly PlannedResource[],
): Promise<Finding[]> {
  const [wanted] = plannedOf(
    planned,
    "aws:ecr/replicationConfiguration:ReplicationConfiguration",
    z.looseObject({ replicationConfiguration: configuration }),
  );
  if (wanted === undefined) return [];
  const subject = "replication of ECR, one setting for the whole account and region";
  const needed = shown(wanted.inputs.replicationConfiguration.rules);
  const answer = await ask(cli, ["ecr", "describe-registry", "--region", region], registrySchema);
  if (answer.value === undefined)
    return [unknown(subject, answer.reason, "none other, and the right ecr:DescribeRegistry to look")];
  const { rules } = answer.value.replicationConfiguration;
  const found = shown(rules);
  if (rules.length === 0 || found === needed) return [{ subject, state: "ok", found, needed }];
  return [
    {
      subject,
      state: "wrong",
      found: `${found}: up replaces it`,
      needed,
      fix: "leave cloud.backup.copyRegistry out, and add the copy to the setting that is there, or remove that setting if nobody needs it",
    },
  ];
}

/** Returns the rules as text, sorted: ECR may list them in another order. */
function shown(rules: readonly Rule[]): string {
  if (rules.length === 0) return "none";
  return rules
    .map(({ destinations, repositoryFilters = [] }) => {
      const what =
        repositoryFilters.length === 0
          ? "all repositories"
          : repositoryFilters.map(({ filter }) => `${filter}*`).join(", ");
      const where = destinations.map((each) => `${each.region} of ${each.registryId}`).sort();
      return `${what} to ${where.join(", ")}`;
    })
    .sort()
    .join("; ");
}
