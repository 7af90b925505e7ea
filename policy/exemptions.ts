import type { PolicyPackConfig } from "@pulumi/policy";
import type { Exemption } from "./rule/exemptions.ts";
import type { Rule } from "./rule/rule.ts";

interface PackExemption extends Exemption {
  policies: readonly string[];
}

const NODE_ACCESS_POLICIES = ["host-path", "run-as-non-root", "run-as-user", "capabilities"].map(
  (field) => `kubernetes-pod-security-${field}`,
);

/** Exemptions that Slipway's own components need. Review each exemption when it expires. */
export const exempted: readonly PackExemption[] = [
  {
    policies: NODE_ACCESS_POLICIES,
    urn: "*slipway:gpu:DcgmExporter$*:DaemonSet::*",
    reason:
      "DCGM reads profiling counters as root with SYS_ADMIN, and pods from the kubelet's socket (dcgm-exporter#411)",
    expires: "2027-06-30",
  },
  {
    policies: NODE_ACCESS_POLICIES,
    urn: "*slipway:gpu:NvidiaDevicePlugin$*:DaemonSet::*",
    reason:
      "a device plugin registers at the kubelet's socket, which belongs to root, and creates device nodes for MIG",
    expires: "2027-06-30",
  },
  {
    policies: ["platform-data-protected"],
    urn: "*slipway:network:AzureFlowLogs$*:StorageAccount::*",
    reason:
      "flow logs are deleted after their retention anyway, and must not keep a network from being deleted",
    expires: "2027-06-30",
  },
];

/** Returns the pack's initial config. Exemptions in a user's config replace these for the same policy. */
export function initialConfig(rules: readonly Rule[]): PolicyPackConfig {
  const config: PolicyPackConfig = {};
  for (const { name, level = "mandatory" } of rules) {
    const exemptions = exempted
      .filter(({ policies }) => policies.includes(name))
      .map(({ urn, reason, expires }) => ({ urn, reason, expires }));
    if (exemptions.length > 0) config[name] = { enforcementLevel: level, exemptions };
  }
  return config;
}
