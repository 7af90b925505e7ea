import * as pulumi from "@pulumi/pulumi";
import { Environment } from "../../../../../components/environment.ts";
import { gcpFoundation } from "../../../../../stacks/clouds/gcp.ts";
import { cloudSchema } from "../../../../../stacks/schema/cloud.ts";
import { clusterSchema, type GkeConfig } from "../../../../../stacks/schema/cluster.ts";
import { lock } from "../../../../components/stage.ts";

/** Everything that the config can ask of Google Cloud, and a namespace. */
export default function program(): { redis: unknown } {
  const foundation = gcpFoundation({
    cluster: clusterSchema.parse({
      kind: "gke",
      project: "acme-ml",
      region: "europe-west4",
      gpuPools: { l4: { type: "nvidia-l4", count: 1, max: 2 } },
      tpuPools: { v5e: { machine: "ct5lp-hightpu-4t", topology: "2x2", max: 1 } },
    }) as GkeConfig,
    cloud: cloudSchema.parse({
      prefix: "acme",
      tags: { owner: "ml", environment: "test" },
      budget: { monthlyUsd: 5000, emails: ["ml@example.com"] },
      protect: new pulumi.Config().requireBoolean("protect"),
      database: {},
      redis: {},
      dns: { zone: "ml.example.com" },
      secrets: ["slack-webhook"],
    }),
  });
  const registryUrl = "https://europe-west4-docker.pkg.dev/acme-ml";
  const platform = new Environment("platform", { registryUrl }, { provider: foundation.kubernetes });
  foundation.registry({
    url: registryUrl,
    dockerConfig: undefined,
    images: lock,
    environments: [platform],
    repositories: ["flight-delays/pushback/model"],
  });
  foundation.identity({ namespace: "platform", serviceAccount: "training", access: "write" });
  return { redis: foundation.redis?.host };
}
