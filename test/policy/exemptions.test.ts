import { expect, test } from "vitest";
import { exempted, initialConfig } from "../../policy/exemptions.ts";
import { exemptionOf } from "../../policy/rule/exemptions.ts";
import { rules } from "../../policy/rules.ts";
import { judge } from "./judge.ts";
import { bad } from "./violations/planned.ts";
import { violations } from "./violations/violations.ts";

test.each(exempted)("the exemption of $urn names existing policies, a reason and a day", (exemption) => {
  for (const policy of exemption.policies) expect(rules.map(({ name }) => name)).toContain(policy);
  expect(exemption.reason.length).toBeGreaterThan(30);
  expect(exemption.expires).toMatch(/^20\d\d-\d\d-\d\d$/);
});

test.each([
  [
    "slipway:gpu:DcgmExporter$kubernetes:apps/v1:DaemonSet::dcgm-exporter-daemon",
    "kubernetes-pod-security-run-as-user",
  ],
  [
    "slipway:cluster:Aks$slipway:gpu:NvidiaDevicePlugin$kubernetes:apps/v1:DaemonSet::nvidia-device-plugin-training-daemon",
    "kubernetes-pod-security-host-path",
  ],
  [
    "slipway:network:AzureFlowLogs$slipway:object-storage:BlobStorage$azure-native:storage:StorageAccount::logs",
    "platform-data-protected",
  ],
])("%s is exempt from %s, but not a similar resource of another component", (resource, policy) => {
  const exemptions = exempted.filter(({ policies }) => policies.includes(policy));
  const urn = `urn:pulumi:prod::slipway::${resource}`;
  expect(exemptionOf(urn, exemptions, "2026-11-23")).toEqual({});
  expect(
    exemptionOf(urn.replace(/slipway:(gpu|network):\w+/, "slipway:serving:Other"), exemptions, "2026-11-23"),
  ).toBe(undefined);
});

test("an exemption of the pack applies only to its component", () => {
  const name = "kubernetes-pod-security-run-as-user";
  const violation = violations.find(({ policy }) => policy === name);
  if (!violation) throw new Error("the table has no such violation");
  const config = initialConfig(rules)[name] as Record<string, unknown>;
  const { exemptions } = config as { exemptions: unknown };
  expect(config["enforcementLevel"]).toBe("mandatory");
  expect(judge(name, bad(violation), { config: { exemptions } })).toHaveLength(1);
});
