import type { AzurePlace } from "../../../components/azure/place.ts";

export const SUBSCRIPTION = "00000000-1111-2222-3333-444444444444";

export const place: AzurePlace = {
  subscription: SUBSCRIPTION,
  tenant: "99999999-8888-7777-6666-555555555555",
  location: "westeurope",
  resourceGroupName: "acme-ml",
  prefix: "acme",
  tags: { owner: "ml", environment: "production" },
};

export const registryId = `/subscriptions/${SUBSCRIPTION}/resourceGroups/acme-ml/providers/Microsoft.ContainerRegistry/registries/acme`;
