import { expect, test } from "vitest";
import { AzureKeyVaultSecrets } from "../../../components/azure/key-vault-secrets.ts";
import { azureStage, place, workspaceId } from "./azure-stage.ts";
import { find, record, valueOf } from "../record.ts";

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
  expect(Object.keys(result.ids)).toEqual(["slack-webhook"]);
  expect(await valueOf(result.ids["slack-webhook"])).toBe("secrets-slack-webhook-id");
  expect(await valueOf(result.vaultUrl)).toMatch(/^https:\/\/.+\.vault\.azure\.net\/$/);
});
