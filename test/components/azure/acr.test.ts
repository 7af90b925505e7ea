import { beforeAll, expect, test } from "vitest";
import { Acr, type AcrArgs } from "../../../components/azure/acr.ts";
import { azureStage, place, workspaceId } from "./azure-stage.ts";
import { find, record, type Recorded } from "../record.ts";
import { lock } from "../stage.ts";

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
    networkRuleSet: { defaultAction: "Deny" },
    encryption: { status: "enabled" },
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

test("lets the kubelet only pull from this registry", () => {
  const role = find(resources, "azure-native:authorization:RoleAssignment", "registry-kubelet");
  expect(role).toMatchObject({ principalId: "kubelet", scope: "registry-registry-id" });
  expect(role["roleDefinitionId"]).toMatch(/7f951dda-4ed3-4680-a7ca-43fe172d538d$/);
});

test("references images by digest under the URL's path, and gives pods no credentials", () => {
  expect(registry.image("redis")).toMatch(/^acmeml\.azurecr\.io\/ml\/slipway\/redis@sha256:/);
  expect(registry.accessFrom()).toEqual({ url: "https://acmeml.azurecr.io/ml" });
});

test.each([
  "http://acmeml.azurecr.io",
  "https://acme-ml.azurecr.io",
  "https://acmeml.azurecr.io.example.com",
  "https://a.azurecr.io",
])("refuses %s, which is not a registry of Azure", async (url) => {
  await expect(made({ url })).rejects.toThrow("registry: url must be https://<name>.azurecr.io");
});
