import type { network as types } from "@pulumi/azure-native/types/input.js";
import { adminNetworks } from "./admin-networks.ts";
import type { AzureSubnets } from "./subnets.ts";

export interface SubnetRulesOptions {
  ranges: AzureSubnets;
  /** Whether there is a subnet of function apps. */
  functions: boolean;
  /** Whether there is a subnet of administrators. */
  adminSubnet: boolean;
  /** Networks of administrators. */
  adminCidrs: readonly string[];
  /** Whether gateways add rules to the security group of the nodes. */
  gateways: boolean;
}

type Rule = types.SecurityRuleArgs;
type SubnetName = "nodes" | "endpoints" | "database" | "api-server" | "functions" | "admin";

/** Ports of private endpoints: https, and those of Azure Managed Redis. */
const ENDPOINT_PORTS = ["443", "10000", "8500-8599"];

/**
 * Returns the rules of the security group of each subnet. Nothing from the internet is allowed, except administrators to the API server.
 * The nodes have no list if gateways add rules to theirs: the provider then sends the rules that the group has, so that an update removes
 * none.
 */
export function subnetRules(
  options: SubnetRulesOptions,
): Record<Exclude<SubnetName, "nodes">, Rule[]> & { nodes: Rule[] | undefined } {
  const { ranges, functions, adminSubnet, adminCidrs, gateways } = options;
  const admins = [...adminNetworks(adminCidrs).private, ...(adminSubnet ? [ranges.admin] : [])];
  return {
    // AKS adds the rules that it needs to the security group of the nodes. The default rules deny the internet.
    nodes: gateways ? undefined : [],
    endpoints: [
      allow("nodes", 100, [ranges.nodes], ENDPOINT_PORTS),
      ...(functions ? [allow("functions", 120, [ranges.functions], ENDPOINT_PORTS)] : []),
      // The API server encrypts secrets with a key of the vault.
      allow("api-server", 130, [ranges.apiServer], ["443"]),
      ...(admins.length > 0 ? [allow("admins", 140, admins, ["443"])] : []),
      DENY_INBOUND,
    ],
    database: [
      allow("nodes", 100, [ranges.nodes], ["5432", "6432"]),
      allow("replicas", 110, [ranges.database], ["5432"]),
      DENY_INBOUND,
    ],
    // No rule denies the rest: Azure's default rules allow the virtual network and the probes of the load balancer.
    "api-server": [
      allow("nodes", 100, [ranges.nodes], ["443", "4443"]),
      ...(adminCidrs.length > 0 ? [allow("admins", 110, adminCidrs, ["443"])] : []),
    ],
    functions: [DENY_INBOUND],
    admin: [allow("bastion", 100, [ranges.bastion], ["22", "3389"]), DENY_INBOUND],
  };
}

function allow(name: string, priority: number, sources: readonly string[], ports: readonly string[]): Rule {
  return {
    name,
    priority,
    direction: "Inbound",
    access: "Allow",
    protocol: "Tcp",
    sourcePortRange: "*",
    sourceAddressPrefixes: [...sources],
    destinationAddressPrefix: "*",
    destinationPortRanges: [...ports],
  };
}

/** Denies everything else, including the rest of the network, which Azure's default rules allow. */
const DENY_INBOUND = {
  name: "others",
  priority: 4000,
  direction: "Inbound",
  access: "Deny",
  protocol: "*",
  sourcePortRange: "*",
  sourceAddressPrefix: "*",
  destinationAddressPrefix: "*",
  destinationPortRange: "*",
} as const;
