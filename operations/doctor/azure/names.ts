import { z } from "zod";
import { ask, unknown } from "../ask.ts";
import type { CloudCli } from "../cloud-cli.ts";
import type { Finding } from "../finding.ts";
import { plannedOf, type PlannedResource } from "../planned-resource.ts";

const answerSchema = z.looseObject({ nameAvailable: z.boolean(), message: z.string().nullish() });

/** Says whether names that are unique in all of Azure are free. */
export async function azureNames(cli: CloudCli, planned: readonly PlannedResource[]): Promise<Finding[]> {
  const registries = plannedOf(
    planned,
    "azure-native:containerregistry:Registry",
    z.looseObject({ registryName: z.string() }),
  );
  const accounts = plannedOf(
    planned,
    "azure-native:storage:StorageAccount",
    z.looseObject({ accountName: z.string() }),
  );
  const names = [
    ...registries.map(({ inputs, deployed }) => ({
      kind: "acr",
      what: "registry",
      name: inputs.registryName,
      deployed,
    })),
    ...accounts.map(({ inputs, deployed }) => ({
      kind: "storage account",
      what: "storage account",
      name: inputs.accountName,
      deployed,
    })),
  ];
  return Promise.all(
    names.map(async ({ kind, what, name, deployed }): Promise<Finding> => {
      const subject = `${what} ${name}`;
      const answer = await ask(cli, [...kind.split(" "), "check-name", "--name", name], answerSchema);
      if (answer.value === undefined) return unknown(subject, answer.reason, "free");
      const { nameAvailable, message } = answer.value;
      if (nameAvailable) return { subject, state: "ok", found: "free", needed: "free" };
      if (deployed)
        return {
          subject,
          state: "ok",
          found: "taken, by this stack as far as can be told",
          needed: "there, of this stack",
        };
      return {
        subject,
        state: "wrong",
        found: message ?? "taken",
        needed: "free",
        fix: "choose another cloud.prefix",
      };
    }),
  );
}
