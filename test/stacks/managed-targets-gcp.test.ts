import { describe, expect, test } from "vitest";
import { find, list, type Recorded } from "../components/record.ts";
import { json } from "../components/aws/aws-outputs.ts";
import { next } from "./target-environments.ts";
import { model, variables, targetStack } from "./target-stacks.ts";

const google = await targetStack("prod-gcp");

describe("on Google Cloud", () => {
  const { resources } = google;

  test("Cloud Run reads the password of Redis from Secret Manager, in the network of the cluster", () => {
    const service = find(resources, "gcp:cloudrunv2/service:Service", "production-web-service");
    const { template, traffics } = service as {
      template: { containers: { envs: unknown }[]; vpcAccess: unknown; encryptionKey: unknown };
      traffics: unknown;
    };
    expect(template).toMatchObject({
      vpcAccess: { networkInterfaces: [{ network: "network-vpc-id", subnetwork: "network-subnet-id" }] },
      encryptionKey: "production-web-encryption-key-id",
    });
    expect(variables(template.containers[0]?.envs)).toMatchObject({
      SLIPWAY_TARGET: "cloud-run",
      SLIPWAY_MODEL: model,
      SLIPWAY_FEATURE_STORE_URL: "rediss://10.9.0.3:6378",
      SLIPWAY_FEATURE_STORE_CA: "first\nsecond\n",
      SLIPWAY_FEATURE_STORE_PASSWORD: undefined,
    });
    expect(traffics).toMatchObject([
      { revision: "slipway-production-web-00007-abc", percent: 90 },
      { percent: 10 },
    ]);
    expect(
      find(resources, "gcp:secretmanager/secretVersion:SecretVersion", "serving-redis-password-version"),
    ).toMatchObject({ secretData: { secret: "generated" } });
  });

  test("the models of a Vertex endpoint are read from every repository that it might need", () => {
    const readers = list(resources).filter((line) => line.includes("production-pushback-reads-"));
    expect(readers).toEqual([
      "gcp:artifactregistry/repositoryIamMember:RepositoryIamMember production-pushback-reads-flight-delays",
      "gcp:artifactregistry/repositoryIamMember:RepositoryIamMember production-pushback-reads-slipway",
    ]);
    const { trafficSplit } = find(
      resources,
      "gcp:vertex/aiEndpoint:AiEndpoint",
      "production-pushback-endpoint",
    );
    expect(Object.values(json(trafficSplit) as object).sort()).toEqual([10, 90]);
  });

  test("a canary of Vertex that becomes the service's own model keeps its place among the deployed", async () => {
    const ids = (resources: readonly Recorded[]): Record<string, number> =>
      json(
        find(resources, "gcp:vertex/aiEndpoint:AiEndpoint", "production-pushback-endpoint")["trafficSplit"],
      ) as Record<string, number>;
    const promoted = await targetStack("prod-gcp", (text) => {
      const environments = JSON.parse(text) as {
        production: { services: Record<string, { model: unknown; target: { canary?: unknown } }> };
      };
      const { pushback } = environments.production.services;
      if (pushback === undefined) throw new Error("there is no pushback");
      pushback.model = { digest: next };
      delete pushback.target.canary;
      return JSON.stringify(environments);
    });
    const after = ids(promoted.resources);
    const canaryId = Object.entries(ids(resources)).find(([, share]) => share === 10)?.[0];
    expect(after).toEqual({ [String(canaryId)]: 100 });
  });

  test("each service has an account of its own, whose name fits", () => {
    const ids = resources
      .filter(({ type }) => type === "gcp:serviceaccount/account:Account")
      .map(({ inputs }) => String(inputs["accountId"]));
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^[a-z][a-z0-9-]{4,28}[a-z0-9]$/);
  });
});
