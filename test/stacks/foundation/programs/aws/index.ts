import * as pulumi from "@pulumi/pulumi";
import { awsFoundation } from "../../../../../stacks/foundation/aws.ts";
import { cloudSchema } from "../../../../../stacks/config/schema/cloud.ts";
import { clusterSchema, type EksConfig } from "../../../../../stacks/config/schema/cluster.ts";
import type { Exported, PlatformOutputs } from "../../../../../stacks/platform-outputs.ts";
import { awsImages } from "../../add-on-images.ts";
import { wholePlatform } from "../whole-platform.ts";

/** The platform on AWS, with every optional part of the config. */
export default function program(): Promise<Exported<PlatformOutputs>> {
  const foundation = awsFoundation({
    cluster: clusterSchema.parse({
      kind: "eks",
      account: "417366251839",
      region: "eu-central-1",
      adminCidrs: ["10.8.0.0/16"],
      podLogDays: 30,
      gpuPools: { l4: { type: "nvidia-l4", count: 1, max: 4, timeSlicing: 2 } },
      neuronPools: { inf2: { machine: "inf2.xlarge", max: 1 } },
    }) as EksConfig,
    cloud: cloudSchema.parse({
      prefix: "slipway",
      tags: { owner: "ml", environment: "prod" },
      budget: { monthlyUsd: 5000, emails: ["ml@example.com"] },
      protect: new pulumi.Config().requireBoolean("protect"),
      redis: {},
      database: {},
      dns: { zone: "ml.example.com", delegated: true },
      secrets: ["slack-webhook"],
    }),
  });
  return wholePlatform(foundation, "https://417366251839.dkr.ecr.eu-central-1.amazonaws.com", awsImages);
}
