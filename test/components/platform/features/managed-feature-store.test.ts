import * as pulumi from "@pulumi/pulumi";
import { expect, test } from "vitest";
import {
  ManagedFeatureStore,
  type ManagedFeatureStoreArgs,
} from "../../../../components/platform/features/managed-feature-store.ts";
import { featureStoreEnv } from "../../../../components/platform/features/feature-store-env.ts";
import { toEnvVars } from "../../../../components/platform/kubernetes/runtime-container.ts";
import { featureStoreEnvSchema } from "../../../../runtime/contract/env.ts";
import { find, list, named, record } from "../../record.ts";
import { stage } from "../../stage.ts";

const build = (args: Partial<ManagedFeatureStoreArgs> = {}) =>
  record(() => {
    const parts = stage();
    const store = new ManagedFeatureStore("managed", {
      host: pulumi.output("master.redis.example.com"),
      password: "the-auth-token",
      clients: [parts.platform, parts.staging],
      ...args,
    });
    return { parts, store, env: toEnvVars(featureStoreEnv(store.accessFrom(parts.staging))) };
  });

const standard = await build();

test("it creates one Secret in each client's namespace and nothing else", () => {
  const { resources } = standard;
  expect(list(named(resources, "managed"))).toEqual([
    "kubernetes:core/v1:Secret managed-platform-access",
    "kubernetes:core/v1:Secret managed-staging-access",
    "slipway:features:ManagedFeatureStore managed",
  ]);
  expect(find(resources, "kubernetes:core/v1:Secret", "managed-staging-access")).toMatchObject({
    immutable: true,
    metadata: { namespace: "staging" },
  });
});

test("the password is a secret in the state, even if the argument is plain text", () => {
  const { stringData } = find(standard.resources, "kubernetes:core/v1:Secret", "managed-staging-access");
  expect(stringData).toEqual({ secret: { password: "the-auth-token" } });
  expect(JSON.stringify(named(standard.resources, "managed").map(({ inputs }) => inputs))).not.toMatch(
    /"password":"the-auth-token"(?!}})/,
  );
});

test("its URL uses TLS, on port 6379 by default", async () => {
  const url = (store: ManagedFeatureStore) => new Promise((resolve) => store.url.apply(resolve));
  expect(await url(standard.result.store)).toBe("rediss://master.redis.example.com:6379");
  expect(await url((await build({ port: 10000 })).result.store)).toBe(
    "rediss://master.redis.example.com:10000",
  );
});

test("the certificate of its authority is in the same Secret, and the container reads it from there", async () => {
  const { resources, result } = await build({ caCertificate: pulumi.output("-----BEGIN CERTIFICATE-----") });
  const { stringData } = find(resources, "kubernetes:core/v1:Secret", "managed-staging-access");
  expect(stringData).toEqual({
    secret: { password: "the-auth-token", "ca.crt": "-----BEGIN CERTIFICATE-----" },
  });
  expect(result.env.map(({ name }) => name)).toEqual(
    Object.keys(featureStoreEnvSchema.shape).filter((name) => name !== "SLIPWAY_FEATURE_STORE_USERNAME"),
  );
});

test("with a public authority, the container gets a URL and a password, but no certificate", () => {
  expect(standard.result.env.map(({ name }) => name)).toEqual([
    "SLIPWAY_FEATURE_STORE_URL",
    "SLIPWAY_FEATURE_STORE_PASSWORD",
  ]);
});

test("clients may reach its port in the private ranges, or in the given ranges", async () => {
  expect(standard.result.store.egress).toEqual([
    {
      to: ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"].map((cidr) => ({ ipBlock: { cidr } })),
      ports: [{ protocol: "TCP", port: 6379 }],
    },
  ]);
  const narrow = await build({ cidrs: ["10.1.2.0/24"], port: 6380 });
  expect(narrow.result.store.egress).toEqual([
    { to: [{ ipBlock: { cidr: "10.1.2.0/24" } }], ports: [{ protocol: "TCP", port: 6380 }] },
  ]);
});

test("access from an environment that is not a client is an error", () => {
  const { store, parts } = standard.result;
  expect(() => store.accessFrom(parts.monitoringEnvironment)).toThrow(
    "feature store: monitoring must be one of its clients (platform, staging): add it to `clients`",
  );
});

test.each([
  [{ port: 0 }, "managed: port must be between 1 and 65535, got 0"],
  [{ cidrs: [] }, "managed: cidrs must name one range or more, got none"],
])("refuses %j", async (args, message) => {
  await expect(build(args)).rejects.toThrow(message);
});
