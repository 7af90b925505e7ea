import { beforeAll, expect, test } from "vitest";
import { Acr, type AcrArgs } from "../../../components/azure/acr.ts";
import { azureStage, place, workspaceId } from "./azure-stage.ts";
import { find, record, valueOf, type Recorded } from "../record.ts";
import { planImageSupply } from "../../../components/platform/registry/pull-through.ts";
import { lock } from "../stage.ts";
import { upstreamLock } from "../upstream-lock.ts";

async function made(more: Partial<AcrArgs> = {}): Promise<{ resources: Recorded[]; result: Acr }> {
  return record(
    () =>
      new Acr("registry", {
        ...place,
        ...azureStage(),
        workspaceId,
        url: "https://acmeml.azurecr.io/ml",
        kubeletPrincipalId: "kubelet",
        images: lock,
        ...more,
      }),
  );
}

let resources: Recorded[];
let registry: Acr;
beforeAll(async () => {
  ({ resources, result: registry } = await made());
});

test("accepts only identities, and only from inside the network", () => {
  expect(find(resources, "azure-native:containerregistry:Registry", "registry-registry")).toMatchObject({
    registryName: "acmeml",
    sku: { name: "Premium" },
    adminUserEnabled: false,
    anonymousPullEnabled: false,
    publicNetworkAccess: "Disabled",
    networkRuleSet: { defaultAction: "Deny", ipRules: [] },
    zoneRedundancy: "Enabled",
  });
  expect(find(resources, "azure-native:network:PrivateEndpoint", "registry-private-endpoint")).toMatchObject({
    privateLinkServiceConnections: [{ groupIds: ["registry"], privateLinkServiceId: "registry-registry-id" }],
  });
});

test("keeps untagged manifests, and deleted ones for some time", () => {
  const { policies } = find(resources, "azure-native:containerregistry:Registry", "registry-registry");
  expect(policies).toMatchObject({
    retentionPolicy: { status: "disabled" },
    softDeletePolicy: { status: "enabled", retentionDays: 90 },
    exportPolicy: { status: "disabled" },
  });
});

test("needs no key: Azure refuses a new registry with a key from a vault with a firewall", () => {
  const inputs = find(resources, "azure-native:containerregistry:Registry", "registry-registry");
  expect(inputs).not.toHaveProperty("encryption");
  expect(inputs).not.toHaveProperty("identity");
});

test("admits public networks of administrators by rules, with exports, which Azure denies only to private registries", async () => {
  const open = await made({
    adminCidrs: ["203.0.113.0/24", "198.51.100.7/32", "10.9.0.0/16"],
    adminGroups: ["g1"],
  });
  expect(find(open.resources, "azure-native:containerregistry:Registry", "registry-registry")).toMatchObject({
    publicNetworkAccess: "Enabled",
    networkRuleSet: {
      defaultAction: "Deny",
      ipRules: [
        { action: "Allow", iPAddressOrRange: "203.0.113.0/24" },
        { action: "Allow", iPAddressOrRange: "198.51.100.7" },
      ],
    },
    policies: { exportPolicy: { status: "enabled" } },
  });
  const role = find(open.resources, "azure-native:authorization:RoleAssignment", "registry-admins-g1");
  expect(role).toMatchObject({ principalId: "g1", principalType: "Group", scope: "registry-registry-id" });
  expect(role["roleDefinitionId"]).toMatch(/8311e382-0749-4cb8-b61a-304f252e45ec$/); // AcrPush
});

test("stays private for private networks of administrators, and in a region without zones", async () => {
  const { resources: remote } = await made({ adminCidrs: ["10.9.0.0/16"], zoneRedundant: false });
  expect(find(remote, "azure-native:containerregistry:Registry", "registry-registry")).toMatchObject({
    publicNetworkAccess: "Disabled",
    zoneRedundancy: "Disabled",
    policies: { exportPolicy: { status: "disabled" } },
  });
});

test("lets the kubelet only pull from this registry", () => {
  const role = find(resources, "azure-native:authorization:RoleAssignment", "registry-kubelet");
  expect(role).toMatchObject({ principalId: "kubelet", scope: "registry-registry-id" });
  expect(role["roleDefinitionId"]).toMatch(/7f951dda-4ed3-4680-a7ca-43fe172d538d$/);
});

test("is the scope of the rights to pull and push", async () => {
  expect(await valueOf(registry.id)).toBe("registry-registry-id");
});

test.each([
  "http://acmeml.azurecr.io",
  "https://acme-ml.azurecr.io",
  "https://acmeml.azurecr.io.example.com",
  "https://a.azurecr.io",
])("refuses %s, which is not a registry of Azure", async (url) => {
  await expect(made({ url })).rejects.toThrow("registry: url must be https://<name>.azurecr.io");
});

test("pulls each image of a public registry through, by a rule for it alone", async () => {
  const RULE = "azure-native:containerregistry:CacheRule";
  const { lock: images } = planImageSupply("acr", upstreamLock);
  const cached = await made({ images });
  expect(cached.resources.filter(({ type }) => type === RULE).map(({ name }) => name)).toEqual([
    "registry-upstream-prometheus",
  ]);
  expect(find(cached.resources, RULE, "registry-upstream-prometheus")).toMatchObject({
    registryName: "registry-registry-auto",
    cacheRuleName: "upstream-prometheus",
    sourceRepository: "quay.io/prometheus/prometheus",
    targetRepository: "ml/upstream/quay.io/prometheus/prometheus",
  });
  expect(resources.filter(({ type }) => type === RULE)).toEqual([]);
});
