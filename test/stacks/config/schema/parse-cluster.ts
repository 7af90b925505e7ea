import type { StackConfig } from "../../../../stacks/config/schema.ts";
import { parseLayers } from "../parse-layers.ts";
import { cloud, eks } from "./clouds.ts";

export type Keys = Record<string, unknown>;

/** Parses a config of a platform on EKS with one service, after changes of its keys. */
export function parseCluster(keys: Keys): StackConfig {
  return parseLayers({
    cluster: eks,
    cloud,
    registry: { kind: "ecr" },
    images: { lockFile: "images.lock.json" },
    alerts: { receiver: "slack", slackUrlSecret: "slack" },
    ...service({}),
    ...keys,
  });
}

/** Key `environments` with one service that has the settings. */
export function service(settings: Keys): Keys {
  return {
    environments: { production: { services: { pushback: { workload: "flight-delays", ...settings } } } },
  };
}

/** Key `cluster` with one GPU pool. */
export function gpuPool(pool: Keys, cluster: Keys = eks): Keys {
  return { cluster: { ...cluster, gpuPools: { small: pool } } };
}

/** A GPU pool that each of EKS and GKE has. */
export const L4 = { type: "nvidia-l4", count: 1, max: 4 };
