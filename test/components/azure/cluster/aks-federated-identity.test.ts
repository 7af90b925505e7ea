import * as pulumi from "@pulumi/pulumi";
import { expect, test } from "vitest";
import { AksFederatedIdentity } from "../../../../components/azure/cluster/aks-federated-identity.ts";
import { place } from "../azure-stage.ts";
import { find, list, record } from "../../record.ts";

test("trusts exactly one service account, and has only the given roles", async () => {
  const { resources, result } = await record(
    () =>
      new AksFederatedIdentity("training-identity", {
        ...place,
        issuer: pulumi.output("https://oidc.example/"),
        namespace: "platform",
        serviceAccount: "training",
        grants: { registry: { role: "AcrPush", scope: "registry-id" } },
      }),
  );
  expect(list(resources)).toEqual([
    "azure-native:authorization:RoleAssignment training-identity-registry",
    "azure-native:managedidentity:FederatedIdentityCredential training-identity-credential",
    "azure-native:managedidentity:UserAssignedIdentity training-identity-identity",
    "slipway:identity:AksFederatedIdentity training-identity",
  ]);
  expect(
    find(
      resources,
      "azure-native:managedidentity:FederatedIdentityCredential",
      "training-identity-credential",
    ),
  ).toMatchObject({
    issuer: "https://oidc.example/",
    subject: "system:serviceaccount:platform:training",
    audiences: ["api://AzureADTokenExchange"],
  });
  expect(result.podLabels).toEqual({ "azure.workload.identity/use": "true" });
  expect(Object.keys(result.annotations)).toEqual([
    "azure.workload.identity/client-id",
    "azure.workload.identity/tenant-id",
  ]);
});
