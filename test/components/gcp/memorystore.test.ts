import * as pulumi from "@pulumi/pulumi";
import { expect, test } from "vitest";
import { GcpKey } from "../../../components/gcp/key.ts";
import { GcpNetwork } from "../../../components/gcp/network.ts";
import { Memorystore, type MemorystoreArgs } from "../../../components/gcp/memorystore.ts";
import { find, record } from "../record.ts";

const common = { project: "acme-ml", region: "europe-west4" };
const build = (args: Partial<MemorystoreArgs> = {}, managedServices = true) =>
  record(() => {
    const network = new GcpNetwork("network", { ...common, managedServices });
    const key = new GcpKey("key", { ...common, users: {} });
    return new Memorystore("redis", { ...common, network, key, ...args });
  });
const instance = async (args?: Partial<MemorystoreArgs>): Promise<Record<string, unknown>> =>
  find((await build(args)).resources, "gcp:redis/instance:Instance", "redis-instance");

const value = async <T>(output: pulumi.Output<T>): Promise<T> =>
  new Promise((resolve) => output.apply(resolve));

test("Redis requires TLS and a password, has a replica, and is reachable only from the network", async () => {
  expect(await instance()).toMatchObject({
    tier: "STANDARD_HA",
    memorySizeGb: 1,
    replicaCount: 1,
    readReplicasMode: "READ_REPLICAS_DISABLED",
    transitEncryptionMode: "SERVER_AUTHENTICATION",
    authEnabled: true,
    customerManagedKey: "key-key-id",
    connectMode: "PRIVATE_SERVICE_ACCESS",
    authorizedNetwork: "network-vpc-id",
    persistenceConfig: { persistenceMode: "RDB", rdbSnapshotPeriod: "TWELVE_HOURS" },
    redisConfigs: { "maxmemory-policy": "volatile-ttl" },
    deletionProtection: true,
  });
});

test("more than one replica can be read from", async () => {
  expect(await instance({ memoryGib: 5, replicas: 3, protect: false })).toMatchObject({
    memorySizeGb: 5,
    replicaCount: 3,
    readReplicasMode: "READ_REPLICAS_ENABLED",
    deletionProtection: false,
  });
});

test("clients get the address, a secret password, and all certificate authorities", async () => {
  const { result } = await build();
  expect(result.port).toBe(6378);
  expect(await value(result.host)).toBe("10.9.0.3");
  expect(await value(result.caCertificate)).toBe("first\nsecond\n");
  expect(await value(result.password)).toBe("generated");
  expect(await pulumi.isSecret(result.password)).toBe(true);
});

test.each<[Partial<MemorystoreArgs>, string]>([
  [{ replicas: 6 }, "redis: replicas must be between 1 and 5, got 6"],
  [{ memoryGib: 0 }, "redis: memoryGib must be at least 1, got 0"],
  [
    { replicas: 2, memoryGib: 4 },
    "redis: memoryGib must be at least 5 for 2 replicas, got 4; raise it, or set replicas to 1",
  ],
])("refuses %j", async (args, message) => {
  await expect(build(args)).rejects.toThrow(message);
});

test("refuses a network that is not peered with managed services", async () => {
  await expect(build({}, false)).rejects.toThrow(
    "redis: network must be peered with managed services; give it managedServices",
  );
});
