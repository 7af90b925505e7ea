import { TrainingPipeline } from "../components/platform/training/training-pipeline.ts";
import type { StackConfig } from "./config/schema.ts";
import { gpuRequest } from "./gpu-request.ts";
import type { Shared } from "./shared.ts";

/** Creates the templates of the jobs that train, validate and replay. */
export function createTraining(
  { training, sources }: Pick<StackConfig, "training" | "sources">,
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
      sources,
      ...training,
      gpu: gpuRequest(training.gpu, cloud),
    },
    opts,
  );
}
