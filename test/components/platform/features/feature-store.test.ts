import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import {
  FeatureStore,
  type FeatureStoreArgs,
} from "../../../../components/platform/features/feature-store.ts";
import { find, list, named, record } from "../../record.ts";
import { stage } from "../../stage.ts";

const build = (args: Partial<FeatureStoreArgs> = {}) =>
  record(() => {
    const parts = stage();
    const { platform, staging, registry } = parts;
    const image = registry.image("redis");
    const store = new FeatureStore("store", {
      environment: platform,
      trainers: [platform],
      servers: [staging],
      registry,
      image,
      ...args,
    });
    return { parts, store };
  });

/** Built with only the required arguments. */
const standard = await build();

test("the store is one Redis with a volume, and a user with a password for each role of its clients", async () => {
  const { resources } = standard;
  expect(list(named(resources, "store"))).toEqual([
    "kubernetes:apps/v1:StatefulSet store-redis",
    "kubernetes:core/v1:ConfigMap store-config",
    "kubernetes:core/v1:PersistentVolumeClaim store-data",
    "kubernetes:core/v1:Secret store-platform-training-password",
    "kubernetes:core/v1:Secret store-staging-drift-password",
    "kubernetes:core/v1:Secret store-staging-server-password",
    "kubernetes:core/v1:Secret store-users",
    "kubernetes:core/v1:Service store-service",
    "kubernetes:core/v1:ServiceAccount store-account",
    "kubernetes:networking.k8s.io/v1:NetworkPolicy store-ingress",
    "random:index/randomPassword:RandomPassword store-platform-training",
    "random:index/randomPassword:RandomPassword store-staging-drift",
    "random:index/randomPassword:RandomPassword store-staging-server",
    "slipway:features:FeatureStore store",
  ]);
});

test("passwords of 40 letters and digits are generated; clients get them as secrets, Redis as hashes", async () => {
  const { resources } = standard;
  expect(find(resources, "random:index/randomPassword:RandomPassword", "store-staging-server")).toMatchObject(
    { length: 40, special: false },
  );
  expect(find(resources, "kubernetes:core/v1:Secret", "store-staging-server-password")).toMatchObject({
    immutable: true,
    metadata: { namespace: "staging" },
    stringData: { secret: { password: "generated" } },
  });
  const hash = createHash("sha256").update("generated").digest("hex");
  const { immutable, stringData } = find(resources, "kubernetes:core/v1:Secret", "store-users");
  const { secret } = stringData as { secret: Record<string, string> };
  expect(immutable).toBe(true);
  expect(secret["users.conf"]?.split("\n").map((line) => line.split(" ").slice(0, 4))).toEqual([
    ["user", "default", "off"],
    ["user", "platform-training", "on", `#${hash}`],
    ["user", "staging-server", "on", `#${hash}`],
    ["user", "staging-drift", "on", `#${hash}`],
    [""],
  ]);
  const server = JSON.stringify(find(resources, "kubernetes:apps/v1:StatefulSet", "store-redis"));
  const config = JSON.stringify(find(resources, "kubernetes:core/v1:ConfigMap", "store-config"));
  expect(server + config + secret["users.conf"]).not.toContain("generated");
});

test("Redis writes an append-only file, evicts the keys that expire first, and reads its users from the mounted secret", async () => {
  const config = async (args = {}): Promise<string> => {
    const { data } = find((await build(args)).resources, "kubernetes:core/v1:ConfigMap", "store-config");
    return (data as Record<string, string>)["redis.conf"] ?? "";
  };
  expect((await config()).split("\n")).toEqual(
    expect.arrayContaining([
      "appendonly yes",
      "protected-mode yes",
      "maxmemory 512mb",
      "maxmemory-policy volatile-ttl",
      "include /run/redis-users/users.conf",
    ]),
  );
  expect(await config({ maxMemoryMib: 64 })).toContain("maxmemory 64mb\n");
});

test("its pod is restricted, has its volume at /data, and may use twice the memory of its data", async () => {
  const { resources } = standard;
  const { spec } = find(resources, "kubernetes:apps/v1:StatefulSet", "store-redis");
  expect(spec).toMatchObject({
    replicas: 1,
    serviceName: "store",
    template: {
      spec: {
        automountServiceAccountToken: false,
        securityContext: {
          runAsNonRoot: true,
          runAsUser: 65532,
          fsGroup: 65532,
          seccompProfile: { type: "RuntimeDefault" },
        },
        imagePullSecrets: [{ name: "registry-platform-credentials-auto" }],
        containers: [
          {
            args: ["/etc/redis/redis.conf"],
            resources: {
              requests: { cpu: "50m", memory: "128Mi" },
              limits: { cpu: "1000m", memory: "1024Mi" },
            },
            securityContext: {
              allowPrivilegeEscalation: false,
              readOnlyRootFilesystem: true,
              capabilities: { drop: ["ALL"] },
            },
            readinessProbe: { tcpSocket: { port: "redis" } },
            volumeMounts: [
              { name: "config", mountPath: "/etc/redis", readOnly: true },
              { name: "users", mountPath: "/run/redis-users", readOnly: true },
              { name: "data", mountPath: "/data" },
            ],
          },
        ],
      },
    },
  });
});

test("the volume has 2 GiB by default", async () => {
  const size = async (args = {}): Promise<unknown> =>
    find((await build(args)).resources, "kubernetes:core/v1:PersistentVolumeClaim", "store-data")["spec"];
  expect(await size()).toMatchObject({ resources: { requests: { storage: "2Gi" } } });
  expect(await size({ storageGib: 7 })).toMatchObject({ resources: { requests: { storage: "7Gi" } } });
});

test("only the environments of its clients may connect, and only to the port of Redis", async () => {
  const { resources } = standard;
  expect(find(resources, "kubernetes:networking.k8s.io/v1:NetworkPolicy", "store-ingress")["spec"]).toEqual({
    podSelector: {
      matchLabels: { "app.kubernetes.io/name": "store", "app.kubernetes.io/component": "feature-store" },
    },
    policyTypes: ["Ingress"],
    ingress: [
      {
        from: ["platform", "staging"].map((name) => ({
          namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": name } },
        })),
        ports: [{ protocol: "TCP", port: 6379 }],
      },
    ],
  });
});

test.each([
  [{ maxMemoryMib: 63 }, "store: maxMemoryMib must be at least 64, got 63"],
  [{ storageGib: 0 }, "store: storageGib must be at least 1, got 0"],
])("refuses %o", async (args, message) => {
  await expect(build(args)).rejects.toThrow(message);
});

test("access from an environment that is not a client is an error", async () => {
  const { result } = standard;
  const { parts, store } = result;
  expect(store.url).toBe("redis://store.platform.svc:6379");
  expect(() => store.accessFrom(parts.monitoringEnvironment, "server")).toThrow(
    "feature store: monitoring must have a user for server (users: platform-training, staging-server, staging-drift): add it to `servers`",
  );
  expect(() => store.accessFrom(parts.staging, "training")).toThrow("add it to `trainers`");
  expect(store.accessFrom(parts.staging, "drift")).toMatchObject({ username: "staging-drift" });
});

test("its egress rules open its pods and its port to clients", () => {
  const { store } = standard.result;
  expect(store.egress).toEqual([{ to: [store.peer], ports: [{ protocol: "TCP", port: 6379 }] }]);
});
