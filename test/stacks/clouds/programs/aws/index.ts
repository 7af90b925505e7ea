import * as pulumi from "@pulumi/pulumi";
import { Environment } from "../../../../../components/environment.ts";
import { awsFoundation } from "../../../../../stacks/clouds/aws.ts";
import { cloudSchema } from "../../../../../stacks/schema/cloud.ts";
import { clusterSchema, type EksConfig } from "../../../../../stacks/schema/cluster.ts";
import { awsImages } from "../../aws-images.ts";

/** Everything that the config can ask of AWS, and a namespace. */
export default function program(): { redis: unknown } {
  const foundation = awsFoundation({
    cluster: clusterSchema.parse({
      kind: "eks",
      account: "417366251839",
      region: "eu-central-1",
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
      dns: { zone: "ml.example.com" },
      secrets: ["slack-webhook"],
    }),
  });
  const staging = new Environment(
    "staging",
    { registryUrl: "https://registry.example.com" },
    { provider: foundation.kubernetes },
  );
  foundation.registry({
    url: "",
    dockerConfig: undefined,
    images: awsImages,
    environments: [staging],
    repositories: ["flight-delays/pushback/model"],
  });
  foundation.identity({ namespace: "staging", serviceAccount: "pushback", access: "write" });
  return { redis: foundation.redis?.host };
}
