import * as pulumi from "@pulumi/pulumi";
import { connectGcp } from "../../../../../stacks/connection/gcp.ts";
import { readFoundation } from "../../../../../stacks/connection/read-foundation.ts";
import { gcpFoundation } from "../../../../../stacks/foundation/gcp.ts";
import { gcpFoundationSchema } from "../../../../../stacks/foundation/gcp-outputs.ts";
import { cloudSchema } from "../../../../../stacks/config/schema/cloud.ts";
import { clusterSchema, type GkeConfig } from "../../../../../stacks/config/schema/cluster.ts";
import { lock } from "../../../../components/stage.ts";
import { FOUNDATION_STACK } from "../../foundation-stack.ts";
import { wholePlatform } from "../whole-platform.ts";

/** The foundation on Google Cloud with every optional part of the config, or the platform on it, by the name of the stack. */
export default function program(): object {
  const cluster = clusterSchema.parse({
    kind: "gke",
    project: "acme-ml",
    region: "europe-west4",
    binaryAuthorization: { replaceProjectPolicy: true },
    gpuPools: { l4: { type: "nvidia-l4", count: 1, max: 2 } },
    tpuPools: { v5e: { machine: "ct5lp-hightpu-4t", topology: "2x2", max: 1 } },
  }) as GkeConfig;
  const cloud = cloudSchema.parse({
    prefix: "acme",
    tags: { owner: "ml", environment: "test" },
    budget: { monthlyUsd: 5000, emails: ["ml@example.com"] },
    protect: new pulumi.Config().requireBoolean("protect"),
    database: {},
    redis: {},
    dns: { zone: "ml.example.com", ingress: true },
    secrets: ["slack-webhook"],
    backup: {},
  });
  const registryUrl = "https://europe-west4-docker.pkg.dev/acme-ml";
  const grantSeconds = 0.01;
  if (pulumi.getStack() === FOUNDATION_STACK)
    return gcpFoundation({ cluster, cloud, images: lock, registryUrl, grantSeconds });
  const foundation = readFoundation(FOUNDATION_STACK, gcpFoundationSchema);
  return wholePlatform(connectGcp({ cluster, cloud, foundation, grantSeconds }), registryUrl, lock, {
    clientCidrs: ["203.0.113.0/24"],
    auth: { kind: "api-keys", secret: "api-keys" },
  });
}
