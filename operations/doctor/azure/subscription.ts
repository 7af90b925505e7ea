import { z } from "zod";
import { ask, unknown } from "../ask.ts";
import type { CloudCli } from "../cloud-cli.ts";
import type { Finding } from "../finding.ts";
import type { PlannedResource } from "../planned-resource.ts";

/** Modules of azure-native → namespaces of resource providers, which a subscription registers once. */
const NAMESPACES: Readonly<Record<string, string>> = {
  authorization: "Microsoft.Authorization",
  cache: "Microsoft.Cache",
  consumption: "Microsoft.Consumption",
  containerregistry: "Microsoft.ContainerRegistry",
  containerservice: "Microsoft.ContainerService",
  dbforpostgresql: "Microsoft.DBforPostgreSQL",
  dns: "Microsoft.Network",
  insights: "Microsoft.Insights",
  keyvault: "Microsoft.KeyVault",
  machinelearningservices: "Microsoft.MachineLearningServices",
  managedidentity: "Microsoft.ManagedIdentity",
  monitor: "Microsoft.Insights",
  network: "Microsoft.Network",
  operationalinsights: "Microsoft.OperationalInsights",
  privatedns: "Microsoft.Network",
  redisenterprise: "Microsoft.Cache",
  resources: "Microsoft.Resources",
  storage: "Microsoft.Storage",
  web: "Microsoft.Web",
};
/** Every subscription has them, or AKS asks for them without a resource of its own in the plan. */
const ALWAYS_THERE = ["Microsoft.Authorization", "Microsoft.Resources"];
const ASKED_BY_AKS = ["Microsoft.Compute", "Microsoft.PolicyInsights"];

/** Resource providers that the planned resources need, sorted. */
export function resourceProviders(planned: readonly PlannedResource[]): string[] {
  const modules = planned.flatMap(({ type }) => /^azure-native:([a-z]+)/.exec(type)?.[1] ?? []);
  const needed = modules.flatMap((module) => NAMESPACES[module] ?? []);
  const all = new Set([...needed, ...(needed.includes("Microsoft.ContainerService") ? ASKED_BY_AKS : [])]);
  return [...all].filter((name) => !ALWAYS_THERE.includes(name)).sort();
}

export interface AzureSubscriptionOptions {
  subscription: string;
  tenant: string;
  adminGroups: readonly string[];
  planned: readonly PlannedResource[];
  encryptsAtHost: boolean;
}

/** Says who asks, whether the subscription and its providers and features are on, and whether the rights of a first `up` are there. */
export async function azureSubscription(
  cli: CloudCli,
  options: AzureSubscriptionOptions,
): Promise<Finding[]> {
  const { subscription, tenant, planned, encryptsAtHost } = options;
  const subject = "subscription that is chosen";
  const needed = `${subscription} in tenant ${tenant}`;
  const account = await ask(
    cli,
    ["account", "show"],
    z.looseObject({ id: z.string(), tenantId: z.string(), user: z.looseObject({ name: z.string() }) }),
  );
  if (account.value === undefined)
    return [{ subject, state: "wrong", found: account.reason, needed, fix: `az login --tenant ${tenant}` }];
  const { id, tenantId, user } = account.value;
  if (id !== subscription || tenantId !== tenant)
    return [
      {
        subject,
        state: "wrong",
        found: `${id} in tenant ${tenantId}`,
        needed,
        fix: `az login --tenant ${tenant} && az account set --subscription ${subscription}`,
      },
    ];
  return [
    { subject, state: "ok", found: `${id}, as ${user.name}`, needed },
    ...(await providers(cli, resourceProviders(planned))),
    ...(encryptsAtHost ? [await encryptionAtHost(cli)] : []),
    await rights(cli, user.name, subscription),
    await membership(cli, options.adminGroups),
  ];
}

async function providers(cli: CloudCli, needed: readonly string[]): Promise<Finding[]> {
  const subject = "resource providers";
  const schema = z.array(z.looseObject({ namespace: z.string(), registrationState: z.string() }));
  const asked = await ask(cli, ["provider", "list"], schema);
  if (asked.value === undefined) return [unknown(subject, asked.reason, needed.join(", "))];
  const states = new Map(asked.value.map((each) => [each.namespace.toLowerCase(), each.registrationState]));
  const off = needed.filter((name) => states.get(name.toLowerCase()) !== "Registered");
  if (off.length === 0)
    return [{ subject, state: "ok", found: `${needed.length} are registered`, needed: needed.join(", ") }];
  return [
    {
      subject,
      state: "wrong",
      found: `not registered: ${off.join(", ")}`,
      needed: needed.join(", "),
      fix: off.map((name) => `az provider register --namespace ${name} --wait`).join(" && "),
    },
  ];
}

async function encryptionAtHost(cli: CloudCli): Promise<Finding> {
  const subject = "feature Microsoft.Compute/EncryptionAtHost";
  const needed = "Registered";
  const feature = ["--namespace", "Microsoft.Compute", "--name", "EncryptionAtHost"];
  const asked = await ask(
    cli,
    ["feature", "show", ...feature],
    z.looseObject({ properties: z.looseObject({ state: z.string() }) }),
  );
  if (asked.value === undefined) return unknown(subject, asked.reason, needed);
  const { state } = asked.value.properties;
  if (state === "Registered") return { subject, state: "ok", found: state, needed };
  const fix = `az feature register ${feature.join(" ")}, and when it says Registered: az provider register --namespace Microsoft.Compute`;
  return { subject, state: "wrong", found: state, needed, fix };
}

async function rights(cli: CloudCli, user: string, subscription: string): Promise<Finding> {
  const subject = "rights of a first up";
  const needed = "Owner, or Contributor with Role Based Access Control Administrator";
  const asked = await ask(
    cli,
    [
      ...["role", "assignment", "list", "--assignee", user, "--scope", `/subscriptions/${subscription}`],
      ...["--include-inherited", "--include-groups"],
    ],
    z.array(z.looseObject({ roleDefinitionName: z.string() })),
  );
  if (asked.value === undefined) return unknown(subject, asked.reason, needed);
  const roles = new Set(asked.value.map(({ roleDefinitionName }) => roleDefinitionName));
  const mayGrant =
    roles.has("Role Based Access Control Administrator") || roles.has("User Access Administrator");
  const found = [...roles].sort().join(", ") || "none";
  if (roles.has("Owner") || (roles.has("Contributor") && mayGrant))
    return { subject, state: "ok", found, needed };
  return { subject, state: "wrong", found, needed, fix: "ask an Owner of the subscription for them" };
}

async function membership(cli: CloudCli, adminGroups: readonly string[]): Promise<Finding> {
  const subject = "member of a group in cluster.adminGroups";
  const needed = "one of them, or the cluster answers 403 after it is made";
  const schema = z.looseObject({ id: z.string() });
  const me = await ask(cli, ["ad", "signed-in-user", "show"], schema);
  if (me.value === undefined) return unknown(subject, me.reason, needed);
  for (const group of adminGroups) {
    const member = ["ad", "group", "member", "check", "--group", group, "--member-id", me.value.id];
    const asked = await ask(cli, member, z.looseObject({ value: z.boolean() }));
    if (asked.value?.value === true) return { subject, state: "ok", found: `of ${group}`, needed };
  }
  return {
    subject,
    state: "wrong",
    found: "of none",
    needed,
    fix: `az ad group member add --group ${adminGroups[0] ?? "GROUP"} --member-id ${me.value.id}`,
  };
}
