import type { AzurePlace } from "../../../components/azure/place.ts";
import { AzureKeyVault, type AzureKey } from "../../../components/azure/key-vault.ts";
import { AzureNetwork } from "../../../components/azure/network.ts";

export const workspaceId = "/subscriptions/s/workspaces/logs";

export const place: AzurePlace = {
  subscription: "6f1c7f0a-2c63-4c39-9a53-6b1f0a3f5d11",
  tenant: "c1a3e6a2-5b1e-4c8f-8f38-0d2f6a0a7b22",
  location: "westeurope",
  resourceGroupName: "acme-slipway",
  prefix: "acme",
  tags: { owner: "ml", environment: "prod" },
};

/** What most components of Azure need: a network and a key. */
export function azureStage(): { network: AzureNetwork; key: AzureKey } {
  const network = new AzureNetwork("network", { ...place, services: ["blob", "redis", "registry", "vault"] });
  const vault = new AzureKeyVault("keys", { ...place, network, workspaceId, keys: ["data"] });
  return { network, key: vault.key("data") };
}
