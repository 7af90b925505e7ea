import {
  TrainingPipeline,
  type TrainingPipelineArgs,
} from "../../../../components/platform/training/training-pipeline.ts";
import { record, type Recorded } from "../../record.ts";
import { stage } from "../../stage.ts";

/** Records a pipeline named `training` on the stage. */
export function buildPipeline(
  args: Partial<TrainingPipelineArgs> = {},
): Promise<{ resources: Recorded[]; result: TrainingPipeline }> {
  return record(() => {
    const { platform, staging, registry, featureStore } = stage();
    const image = registry.image("runtime");
    return new TrainingPipeline("training", {
      environment: platform,
      targets: [staging],
      registry,
      featureStore,
      image,
      ...args,
    });
  });
}

export const CRON_JOB = "kubernetes:batch/v1:CronJob";
