import * as pulumi from "@pulumi/pulumi";
import { connectAzure } from "../../../../../stacks/connection/azure.ts";
import { readFoundation } from "../../../../../stacks/connection/read-foundation.ts";
import { azureFoundation } from "../../../../../stacks/foundation/azure.ts";
import { azureFoundationSchema } from "../../../../../stacks/foundation/azure-outputs.ts";
import { cloudSchema } from "../../../../../stacks/config/schema/cloud.ts";
import { clusterSchema, type AksConfig } from "../../../../../stacks/config/schema/cluster.ts";
import { azureImages } from "../../add-on-images.ts";
import { FOUNDATION_STACK } from "../../foundation-stack.ts";
import { wholePlatform } from "../whole-platform.ts";

/** The foundation on Azure with every optional part of the config, or the platform on it, by the name of the stack. */
export default function program(): object {
  const cluster = clusterSchema.parse({
    kind: "aks",
    subscription: "6f1c7f0a-2c63-4c39-9a53-6b1f0a3f5d11",
    tenant: "c1a3e6a2-5b1e-4c8f-8f38-0d2f6a0a7b22",
    adminGroups: ["a3b1d7a0-9e1f-4a55-a7c6-0b8f0c2d1e33"],
    region: "westeurope",
    gpuPools: { a100: { type: "nvidia-a100-80gb", count: 1, max: 2 } },
  }) as AksConfig;
  const cloud = cloudSchema.parse({
    prefix: "acme",
    tags: { owner: "ml", environment: "test" },
    budget: { monthlyUsd: 5000, emails: ["ml@example.com"] },
    protect: new pulumi.Config().requireBoolean("protect"),
    database: {},
    redis: {},
    dns: { zone: "ml.example.com", ingress: true },
    secrets: ["slack-webhook"],
  });
  const registryUrl = "https://acmeml.azurecr.io";
  if (pulumi.getStack() === FOUNDATION_STACK)
    return azureFoundation({ cluster, cloud, images: azureImages, registryUrl });
  const foundation = readFoundation(FOUNDATION_STACK, azureFoundationSchema);
  return wholePlatform(connectAzure({ cluster, cloud, foundation }), registryUrl, azureImages, {
    clientCidrs: ["203.0.113.0/24"],
    auth: { kind: "api-keys", secret: "api-keys" },
  });
}
