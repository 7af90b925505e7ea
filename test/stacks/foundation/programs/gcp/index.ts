import * as pulumi from "@pulumi/pulumi";
import { gcpFoundation } from "../../../../../stacks/foundation/gcp.ts";
import { cloudSchema } from "../../../../../stacks/config/schema/cloud.ts";
import { clusterSchema, type GkeConfig } from "../../../../../stacks/config/schema/cluster.ts";
import type { Exported, PlatformOutputs } from "../../../../../stacks/platform-outputs.ts";
import { lock } from "../../../../components/stage.ts";
import { wholePlatform } from "../whole-platform.ts";

/** The platform on Google Cloud, with every optional part of the config. */
export default function program(): Promise<Exported<PlatformOutputs>> {
  const foundation = gcpFoundation({
    cluster: clusterSchema.parse({
      kind: "gke",
      project: "acme-ml",
      region: "europe-west4",
      binaryAuthorization: { replaceProjectPolicy: true },
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
    grantSeconds: 0.01,
  });
  return wholePlatform(foundation, "https://europe-west4-docker.pkg.dev/acme-ml", lock);
}
