import * as pulumi from "@pulumi/pulumi";
import { expect, test } from "vitest";
import { azureRedisSize } from "../../../components/azure/redis-sizes.ts";
import { AzureRedis, type AzureRedisArgs } from "../../../components/azure/redis.ts";
import { azureStage, place, workspaceId } from "./azure-stage.ts";

interface Made {
  inputs: Map<string, Record<string, unknown>>;
  redis: AzureRedis;
}

/** As `record`, with an answer to the one call that an Azure Managed Redis takes. */
async function made(more: Partial<AzureRedisArgs> = {}): Promise<Made> {
  const inputs: Made["inputs"] = new Map();
  await pulumi.runtime.setMocks(
    {
      newResource({ type, name, inputs: given }) {
        const own = given as Record<string, unknown>;
        inputs.set(`${type} ${name}`, own);
        return { id: `${name}-id`, state: { ...own, name, hostName: "acme.westeurope.redis.azure.net" } };
      },
      call({ token, inputs: asked }) {
        inputs.set(token, asked as Record<string, unknown>);
        return { primaryKey: "generated", secondaryKey: "other" };
      },
    },
    "slipway",
    "test",
  );
  try {
    const redis = new AzureRedis("redis", { ...place, ...azureStage(), workspaceId, ...more });
    return { inputs, redis };
  } finally {
    await pulumi.runtime.disconnect();
  }
}

test("accepts only TLS, has two nodes and no public address", async () => {
  const { inputs } = await made();
  expect(inputs.get("azure-native:redisenterprise:RedisEnterprise redis-cluster")).toMatchObject({
    sku: { name: "Balanced_B1" },
    highAvailability: "Enabled",
    minimumTlsVersion: "1.2",
    publicNetworkAccess: "Disabled",
  });
  expect(inputs.get("azure-native:redisenterprise:Database redis-database")).toMatchObject({
    port: 10000,
    clientProtocol: "Encrypted",
    clusteringPolicy: "EnterpriseCluster",
    evictionPolicy: "VolatileTTL",
  });
});

test("returns the access key as a secret", async () => {
  const { redis, inputs } = await made();
  expect(await pulumi.isSecret(redis.password)).toBe(true);
  expect(inputs.get("azure-native:redisenterprise:listDatabaseKeys")).toEqual({
    resourceGroupName: "acme-slipway",
    clusterName: "redis-cluster",
    databaseName: "redis-database",
  });
});

test.each([
  [0.25, "Balanced_B0"],
  [1, "Balanced_B1"],
  [2, "Balanced_B3"],
  [13, "Balanced_B20"],
  [120, "Balanced_B100"],
])("takes the smallest size that holds %d GiB", (memoryGib, size) => {
  expect(azureRedisSize(memoryGib, "redis: memoryGib")).toBe(size);
});

test("refuses more memory than Azure has, and any number of replicas but one", async () => {
  expect(() => azureRedisSize(121, "redis: memoryGib")).toThrow(
    "redis: memoryGib must be more than 0 and at most 120, got 121; name a machine that has more",
  );
  expect(() => azureRedisSize(0, "redis: memoryGib")).toThrow("must be more than 0");
  await expect(made({ replicas: 2 })).rejects.toThrow("redis: replicas must be 1");
});
