import { expect, test } from "vitest";
import {
  ExternalSecrets,
  type ExternalSecretsArgs,
} from "../../../../components/platform/secrets/external-secrets.ts";
import { find, list, named, record } from "../../record.ts";
import { stage } from "../../stage.ts";

const CUSTOM = "kubernetes:external-secrets.io/v1";
const build = (args: Partial<ExternalSecretsArgs> = {}) =>
  record(() => {
    const { staging } = stage();
    return new ExternalSecrets("reader", {
      environment: staging,
      stores: { "aws-secrets-manager": { region: "eu-central-1" } },
      secrets: {
        "slack-webhook": { url: { store: "aws-secrets-manager", name: "slipway/prod/slack", key: "url" } },
      },
      ...args,
    });
  });
const provider = async (
  stores: ExternalSecretsArgs["stores"],
  ref: object,
  kind: string,
): Promise<unknown> => {
  const { resources } = await build({ stores, secrets: { one: { value: ref } } as never });
  const { spec } = find(resources, `${CUSTOM}:SecretStore`, `reader-${kind}`) as {
    spec: { provider: unknown };
  };
  return spec.provider;
};

test("it is a service account, a SecretStore for each store and an ExternalSecret for each Secret", async () => {
  const { resources, result } = await build();
  expect(list(named(resources, "reader"))).toEqual([
    "kubernetes:core/v1:ServiceAccount reader-account",
    `${CUSTOM}:ExternalSecret reader-slack-webhook`,
    `${CUSTOM}:SecretStore reader-aws-secrets-manager`,
    "slipway:secrets:ExternalSecrets reader",
  ]);
  expect(find(resources, `${CUSTOM}:ExternalSecret`, "reader-slack-webhook")).toMatchObject({
    metadata: { name: "slack-webhook", namespace: "staging" },
    spec: {
      refreshInterval: "60m0s",
      target: { name: "slack-webhook", creationPolicy: "Owner", deletionPolicy: "Retain" },
      data: [
        {
          secretKey: "url",
          sourceRef: { storeRef: { kind: "SecretStore", name: "reader-aws-secrets-manager" } },
          remoteRef: { key: "slipway/prod/slack", property: "url" },
        },
      ],
    },
  });
  expect(await new Promise((resolve) => result.secret("slack-webhook").apply(resolve))).toBe("slack-webhook");
});

test("the service account that reads the stores has the annotations of its identity and mounts no token", async () => {
  const role = "arn:aws:iam::123456789012:role/reader";
  const { resources, result } = await build({
    identity: {
      annotations: { "eks.amazonaws.com/role-arn": role },
      podLabels: {},
      usesMetadataService: false,
    },
  });
  expect(find(resources, "kubernetes:core/v1:ServiceAccount", "reader-account")).toMatchObject({
    metadata: { name: "reader", annotations: { "eks.amazonaws.com/role-arn": role } },
    automountServiceAccountToken: false,
  });
  expect(result.serviceAccount).toBe("reader");
});

test("each SecretStore has the provider of its store", async () => {
  const serviceAccountRef = { name: "reader" };
  expect(
    await provider(
      { "aws-secrets-manager": { region: "eu-central-1" } },
      { store: "aws-secrets-manager", name: "a" },
      "aws-secrets-manager",
    ),
  ).toEqual({
    aws: { service: "SecretsManager", region: "eu-central-1", auth: { jwt: { serviceAccountRef } } },
  });
  expect(
    await provider(
      { "gcp-secret-manager": { project: "acme-ml" } },
      { store: "gcp-secret-manager", name: "a" },
      "gcp-secret-manager",
    ),
  ).toEqual({ gcpsm: { projectID: "acme-ml", auth: { workloadIdentity: { serviceAccountRef } } } });
  const vaultUrl = "https://acme.vault.azure.net";
  expect(
    await provider(
      { "azure-key-vault": { vaultUrl, tenantId: "tenant" } },
      { store: "azure-key-vault", name: "a" },
      "azure-key-vault",
    ),
  ).toEqual({ azurekv: { authType: "WorkloadIdentity", vaultUrl, tenantId: "tenant", serviceAccountRef } });
  const server = "https://vault.example.com:8200";
  expect(
    await provider({ vault: { server, role: "slipway" } }, { store: "vault", name: "a", key: "b" }, "vault"),
  ).toEqual({
    vault: {
      server,
      path: "secret",
      version: "v2",
      auth: { kubernetes: { mountPath: "kubernetes", role: "slipway", serviceAccountRef } },
    },
  });
});

test("one Secret may have keys of several stores, and each SecretStore is created once", async () => {
  const { resources } = await build({
    stores: {
      "aws-secrets-manager": { region: "eu-central-1" },
      vault: { server: "https://vault.example.com", role: "slipway" },
    },
    secrets: {
      one: {
        a: { store: "aws-secrets-manager", name: "a" },
        b: { store: "vault", name: "b", key: "b" },
      },
      two: { a: { store: "aws-secrets-manager", name: "a" } },
    },
  });
  const stores = list(resources).filter((line) => line.includes(":SecretStore "));
  expect(stores).toHaveLength(2);
});

test.each<[string, Partial<ExternalSecretsArgs>, string]>([
  [
    "a store that is not configured",
    { secrets: { s: { k: { store: "vault", name: "a", key: "b" } } } },
    "reader: secrets.s.k: stores.vault must be set",
  ],
  [
    "a reference that breaks a rule",
    { secrets: { s: { k: { store: "aws-secrets-manager", name: "a b" } } } },
    "reader: secrets.s.k.name: must be 1 to 512 letters",
  ],
  ["a Secret without keys", { secrets: { s: {} } }, "reader: secrets.s must have one key or more"],
  ["no time between two reads", { refreshMinutes: 0 }, "reader: refreshMinutes must be at least 1, got 0"],
  [
    "Vault without TLS",
    {
      stores: { vault: { server: "http://vault:8200", role: "r" } },
      secrets: { s: { k: { store: "vault", name: "a", key: "b" } } },
    },
    "reader: stores.vault.server must be an https address, got http://vault:8200",
  ],
])("refuses %s", async (_, args, message) => {
  await expect(build(args)).rejects.toThrow(message);
});

test("a Secret that it does not create is an error that lists its Secrets", async () => {
  const { result } = await build();
  expect(() => result.secret("other")).toThrow("reader: other must be one of its secrets (slack-webhook)");
});
