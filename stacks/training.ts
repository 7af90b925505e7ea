import { TrainingPipeline } from "../components/platform/training/training-pipeline.ts";
import type { StackConfig } from "./config/schema.ts";
import type { Shared } from "./shared.ts";

/** The jobs that make models, as templates that wait to be run. */
export function training(
  settings: StackConfig["training"],
  { opts, cloud, platform, environments, featureStore, image }: Shared,
): TrainingPipeline {
  return new TrainingPipeline(
    "training",
    {
      environment: platform,
      targets: environments,
      registry: cloud.registry,
      featureStore,
      image,
      identity: cloud.identity({ namespace: platform.name, serviceAccount: "training", access: "write" }),
      ...settings,
    },
    opts,
  );
}
