import { z } from "zod";
import { DEPLOYER_ROLES, RESOURCE_PROVIDERS } from "../../../components/azure/resource-providers.ts";
import { ask, unknown } from "../ask.ts";
import type { CloudCli } from "../cloud-cli.ts";
import type { Finding } from "../finding.ts";
import type { PlannedResource } from "../planned-resource.ts";
import { networkWatcher } from "./network-watcher.ts";

/** Every subscription has them. */
const ALWAYS_THERE = ["Microsoft.Authorization", "Microsoft.Resources"];
/** AKS asks for them by itself: for its nodes and for its policy add-on. */
const ASKED_BY_AKS = ["Microsoft.Compute", "Microsoft.PolicyInsights"];
/** What Azure says of a subscription that is not there, or not for this account, and of a login that has ended. */
const IS_NOT_THERE = /SubscriptionNotFound|InvalidSubscriptionId|could not be found|AADSTS|az login/;

/** Returns the resource providers that the planned resources need, sorted. */
export function resourceProviders(planned: readonly PlannedResource[]): string[] {
  const modules = new Set(planned.flatMap(({ type }) => /^azure-native:([a-z]+)/.exec(type)?.[1] ?? []));
  const needed = Object.entries(RESOURCE_PROVIDERS).flatMap(([namespace, provider]) =>
    provider.modules.some((module) => modules.has(module)) ? [namespace] : [],
  );
  const all = new Set([...needed, ...(needed.includes("Microsoft.ContainerService") ? ASKED_BY_AKS : [])]);
  return [...all].filter((name) => !ALWAYS_THERE.includes(name)).sort();
}

export interface AzureSubscriptionOptions {
  subscription: string;
  tenant: string;
  adminGroups: readonly string[];
  location: string;
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
  const enabled = await isEnabled(cli, subscription, tenant);
  const first: Finding[] = [{ subject, state: "ok", found: `${id}, as ${user.name}`, needed }, enabled];
  if (enabled.state === "wrong") return first;
  return [
    ...first,
    ...(await providers(cli, resourceProviders(planned))),
    ...(encryptsAtHost ? [await encryptionAtHost(cli)] : []),
    ...(await networkWatcher(cli, options.location, planned)),
    await rights(cli, user.name, subscription),
    await membership(cli, options.adminGroups),
  ];
}

/**
 * Says whether the subscription is there, and whether it is in use. `az account show` has asked a file of this machine alone.
 * @see https://learn.microsoft.com/rest/api/resources/subscriptions/get
 */
async function isEnabled(cli: CloudCli, subscription: string, tenant: string): Promise<Finding> {
  const subject = "state of the subscription";
  const needed = "Enabled";
  const url = `/subscriptions/${subscription}?api-version=2022-12-01`;
  const asked = await ask(
    cli,
    ["rest", "--method", "get", "--url", url],
    z.looseObject({ state: z.string() }),
  );
  if (asked.value === undefined) {
    if (!IS_NOT_THERE.test(asked.reason)) return unknown(subject, asked.reason, needed);
    const fix = `az login --tenant ${tenant}, as one who may see ${subscription}`;
    return { subject, state: "wrong", found: asked.reason, needed, fix };
  }
  const { state } = asked.value;
  if (state === needed) return { subject, state: "ok", found: state, needed };
  const fix = "portal.azure.com, Subscriptions: pay what is due or activate it, or choose another one";
  return { subject, state: "wrong", found: state, needed, fix };
}

async function providers(cli: CloudCli, needed: readonly string[]): Promise<Finding[]> {
  const subject = "resource providers";
  const schema = z.array(z.looseObject({ namespace: z.string(), registrationState: z.string() }));
  const answer = await ask(cli, ["provider", "list"], schema);
  if (answer.value === undefined) return [unknown(subject, answer.reason, needed.join(", "))];
  const states = new Map(answer.value.map((each) => [each.namespace.toLowerCase(), each.registrationState]));
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
  const answer = await ask(
    cli,
    ["feature", "show", ...feature],
    z.looseObject({ properties: z.looseObject({ state: z.string() }) }),
  );
  if (answer.value === undefined) return unknown(subject, answer.reason, needed);
  const { state } = answer.value.properties;
  if (state === "Registered") return { subject, state: "ok", found: state, needed };
  const fix = `az feature register ${feature.join(" ")}, and when it says Registered: az provider register --namespace Microsoft.Compute`;
  return { subject, state: "wrong", found: state, needed, fix };
}

async function rights(cli: CloudCli, user: string, subscription: string): Promise<Finding> {
  const subject = "rights of a first up";
  const needed = `Owner, or ${DEPLOYER_ROLES.join(" with ")}`;
  const answer = await ask(
    cli,
    [
      ...["role", "assignment", "list", "--assignee", user, "--scope", `/subscriptions/${subscription}`],
      ...["--include-inherited", "--include-groups"],
    ],
    z.array(z.looseObject({ roleDefinitionName: z.string() })),
  );
  if (answer.value === undefined) return unknown(subject, answer.reason, needed);
  const roles = new Set(answer.value.map(({ roleDefinitionName }) => roleDefinitionName));
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
    const answer = await ask(cli, member, z.looseObject({ value: z.boolean() }));
    if (answer.value?.value === true) return { subject, state: "ok", found: `of ${group}`, needed };
  }
  return {
    subject,
    state: "wrong",
    found: "of none",
    needed,
    fix: `az ad group member add --group ${adminGroups[0] ?? "GROUP"} --member-id ${me.value.id}`,
  };
}
