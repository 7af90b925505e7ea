import { z } from "zod";
import { ask, unknown } from "../ask.ts";
import type { CloudCli } from "../cloud-cli.ts";
import { enough, type Finding } from "../finding.ts";
import { plannedOf, type PlannedResource } from "../planned-resource.ts";

/** Lambda keeps so much of an account's limit free for functions without a reservation. */
const UNRESERVED = 100;

const settingsSchema = z.looseObject({
  AccountLimit: z.looseObject({
    ConcurrentExecutions: z.number(),
    UnreservedConcurrentExecutions: z.number(),
  }),
});

/**
 * Compares the instances that functions reserve or keep ready with the limit of the account. A new account has a limit of 10.
 * Functions of a stack that was deployed before are in the account's numbers already.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-concurrency.html
 */
export async function lambdaConcurrency(
  cli: CloudCli,
  region: string,
  planned: readonly PlannedResource[],
): Promise<Finding[]> {
  const functions = plannedOf(
    planned,
    "aws:lambda/function:Function",
    z.looseObject({ reservedConcurrentExecutions: z.number().optional() }),
  );
  if (functions.length === 0) return [];
  const ready = new Map(
    plannedOf(
      planned,
      "aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig",
      z.looseObject({ provisionedConcurrentExecutions: z.number() }),
    ).map(({ name, inputs }) => [name.replace(/-warm$/, ""), inputs.provisionedConcurrentExecutions]),
  );
  // The instances that are kept ready are part of those that the same function reserves.
  const taken = functions
    .filter(({ deployed }) => !deployed)
    .map(
      ({ name, inputs }) =>
        inputs.reservedConcurrentExecutions ?? ready.get(name.replace(/-function$/, "")) ?? 0,
    )
    .reduce((sum, each) => sum + each, 0);
  const subject = "concurrent executions of Lambda";
  const { value, reason } = await ask(
    cli,
    ["lambda", "get-account-settings", "--region", region],
    settingsSchema,
  );
  if (value === undefined) return [unknown(subject, reason, "the right lambda:GetAccountSettings")];
  const { ConcurrentExecutions: limit, UnreservedConcurrentExecutions: unreserved } = value.AccountLimit;
  return [
    enough(
      subject,
      { limit, inUse: limit - unreserved, needed: taken === 0 ? 0 : taken + UNRESERVED },
      `ask for ${limit - unreserved + taken + UNRESERVED} "Concurrent executions" of AWS Lambda in ${region} (Service Quotas), or leave out maxInstances and set minInstances: 0 of the targets`,
    ),
  ];
}
