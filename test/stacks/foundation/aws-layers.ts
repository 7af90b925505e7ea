import { connectAws } from "../../../stacks/connection/aws.ts";
import type { CloudConnection, Connection } from "../../../stacks/connection/connection.ts";
import { cloudSchema, type CloudConfig } from "../../../stacks/config/schema/cloud.ts";
import { clusterSchema, type EksConfig } from "../../../stacks/config/schema/cluster.ts";
import { awsFoundation } from "../../../stacks/foundation/aws.ts";
import { ACCOUNT, REGION } from "../../components/aws/aws-outputs.ts";
import { list, record, type Recorded } from "../../components/record.ts";
import { awsImages as images } from "./add-on-images.ts";
import { asRead } from "./as-read.ts";

export const model = "flight-delays/pushback/model";

export const url = `https://${ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com`;

/** Returns the config of a small stack. */
export const awsConfig = (
  cluster: object = {},
  cloud: object = {},
): { cluster: EksConfig; cloud: CloudConfig } => ({
  cluster: clusterSchema.parse({ kind: "eks", account: ACCOUNT, region: REGION, ...cluster }) as EksConfig,
  cloud: cloudSchema.parse({
    prefix: "slipway",
    tags: { owner: "ml", environment: "prod" },
    budget: { monthlyUsd: 5000, emails: ["ml@example.com"] },
    ...cloud,
  }),
});

/** Records both layers, built in one program. */
export const buildLayers = <T>(
  use: (connection: Connection, foundation: ReturnType<typeof awsFoundation>) => T,
  cluster: object = {},
  cloud: object = {},
): Promise<{ resources: Recorded[]; result: T }> =>
  record(() => {
    const config = awsConfig(cluster, cloud);
    const foundation = awsFoundation({ ...config, images, registryUrl: url });
    return use(connectAws({ ...config, foundation: asRead(foundation) }), foundation);
  });

/** Connects without environments, with the repository of one model. */
export const connected = (connection: Connection): CloudConnection =>
  connection.connect({
    url,
    dockerConfig: undefined,
    images,
    environments: [],
    repositories: [model],
  });

/** A config with every optional part except backups. */
export const whole = {
  cluster: { gpuPools: { l4: { type: "nvidia-l4", count: 1, max: 4, timeSlicing: 2, spot: true } } },
  cloud: {
    redis: { memoryGib: 12 },
    database: {},
    dns: { zone: "ml.example.com" },
    secrets: ["slack-webhook"],
  },
};

/** Returns type and name of the top-level components. */
export const components = (resources: readonly Recorded[]): string[] =>
  list(resources).filter((line) => line.startsWith("slipway:"));
