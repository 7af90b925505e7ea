import { expect, test } from "vitest";
import { AzureKeyVaultSecrets } from "../../../components/azure/key-vault-secrets.ts";
import { azureStage, place, workspaceId } from "./azure-stage.ts";
import { find, record } from "../record.ts";

test("creates secrets that are disabled until people enter a value", async () => {
  const { resources, result } = await record(() => {
    const { network } = azureStage();
    return new AzureKeyVaultSecrets("secrets", {
      ...place,
      network,
      workspaceId,
      secrets: ["slack-webhook"],
    });
  });
  const { properties } = find(resources, "azure-native:keyvault:Secret", "secrets-slack-webhook");
  expect(JSON.stringify(properties)).toContain('"enabled":false');
  expect(JSON.stringify(properties)).toContain('"secret"');
  expect(() => result.secretId("other")).toThrow(
    "secret other: must be one of cloud.secrets (slack-webhook); add it there",
  );
});
