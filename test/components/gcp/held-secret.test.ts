import { expect, test } from "vitest";
import { GcpKey } from "../../../components/gcp/key.ts";
import { GcpHeldSecret } from "../../../components/gcp/held-secret.ts";
import { find, list, named, record } from "../record.ts";

const at = { project: "acme", region: "europe-west4" };
const { resources, result } = await record(async () => {
  const key = new GcpKey("key", { ...at, users: { secretmanager: "serviceAccount:agent" } });
  const secret = new GcpHeldSecret("password", { ...at, key, secretId: "acme-password", value: "hunter2" });
  return new Promise<string>((resolve) => secret.secretId.apply(resolve));
});

test("creates a secret in one region, encrypted with the key, and a version with the value", () => {
  expect(list(named(resources, "password"))).toEqual([
    "gcp:secretmanager/secret:Secret password-secret",
    "gcp:secretmanager/secretVersion:SecretVersion password-version",
    "slipway:secrets:GcpHeldSecret password",
  ]);
  expect(find(resources, "gcp:secretmanager/secret:Secret", "password-secret")).toMatchObject({
    secretId: "acme-password",
    replication: {
      userManaged: {
        replicas: [{ location: "europe-west4", customerManagedEncryption: { kmsKeyName: "key-key-id" } }],
      },
    },
  });
  expect(result).toBe("acme-password");
});

test("the value always becomes a Pulumi secret", () => {
  expect(find(resources, "gcp:secretmanager/secretVersion:SecretVersion", "password-version")).toEqual({
    secret: "password-secret-id",
    secretData: { secret: "hunter2" },
  });
});
