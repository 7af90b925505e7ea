import { expect, test } from "vitest";
import { GcpKey } from "../../../components/gcp/key.ts";
import { allowSecretRead, gcpSecretId, GcpSecretManager } from "../../../components/gcp/secret-manager.ts";
import { find, list, named, record } from "../record.ts";

const build = () =>
  record(() => {
    const common = { project: "acme-ml", region: "europe-west4" };
    const key = new GcpKey("key", { ...common, users: {} });
    return new GcpSecretManager("secrets", {
      ...common,
      key,
      prefix: "acme",
      names: ["slack-webhook", "token"],
    });
  });

test("secrets have no values, are in one region, and are encrypted with the given key", async () => {
  const { resources } = await build();
  expect(list(named(resources, "secrets"))).toEqual([
    "gcp:secretmanager/secret:Secret secrets-slack-webhook",
    "gcp:secretmanager/secret:Secret secrets-token",
    "slipway:secrets:GcpSecretManager secrets",
  ]);
  expect(find(resources, "gcp:secretmanager/secret:Secret", "secrets-slack-webhook")).toEqual({
    project: "acme-ml",
    secretId: "acme-slack-webhook",
    replication: {
      userManaged: {
        replicas: [{ location: "europe-west4", customerManagedEncryption: { kmsKeyName: "key-key-id" } }],
      },
    },
    versionDestroyTtl: "604800s",
    deletionProtection: true,
  });
});

test("a reader may read one secret", async () => {
  const { resources } = await record(() => {
    const member = "serviceAccount:alerts";
    allowSecretRead("alerts", { project: "acme-ml", prefix: "acme", secret: "token", member }, {});
  });
  expect(find(resources, "gcp:secretmanager/secretIamMember:SecretIamMember", "alerts-token-reader")).toEqual(
    {
      project: "acme-ml",
      secretId: "acme-token",
      role: "roles/secretmanager.secretAccessor",
      member: "serviceAccount:alerts",
    },
  );
});

test("the id of a secret has the prefix of its stack", () => {
  expect(gcpSecretId("acme", "slack-webhook")).toBe("acme-slack-webhook");
});
