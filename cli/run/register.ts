import { withClusterLock } from "../../local/cluster/lock.ts";
import { commandFor } from "../../operations/command-for.ts";
import { trainModels } from "../../operations/pipeline/candidates.ts";
import { refuseFailed } from "../../operations/pipeline/run-pipeline.ts";
import { openPlatform, type PlatformFlags } from "../../operations/platform.ts";
import { findImportedModel } from "../../operations/register/find-imported-model.ts";
import { readModelFile } from "../../operations/register/read-model-file.ts";
import { registerModel } from "../../operations/register/register-model.ts";
import { terminalView } from "../terminal-view.ts";
import { timedProgress } from "../timed-progress.ts";
import { printOutcomes } from "../training-outcomes.ts";

export interface RegisterFlags extends PlatformFlags {
  model: string;
  workload?: string | undefined;
  onnx: string;
  examples?: string | undefined;
  output?: string | undefined;
  /** Whether the registered file is judged at once. */
  judge: boolean;
}

/** Registers a finished ONNX file as a candidate of a model, and judges it on the model's test rows. */
export async function register({
  model,
  workload: wanted,
  onnx,
  examples,
  output,
  judge,
  ...flags
}: RegisterFlags): Promise<void> {
  const progress = timedProgress();
  const imported = await findImportedModel({ model, workload: wanted });
  const file = await progress.step(`Check ${onnx}`, () =>
    readModelFile({ onnx, examples, output }, imported),
  );
  for (const change of file.changes) progress.note(`${model}: ${change}`);
  const platform = await openPlatform(flags, { progress, view: terminalView() });
  const work = async (): Promise<void> => {
    const reference = await registerModel(platform.registry, imported, file);
    console.log(`registered ${reference}`);
    const { workload } = imported;
    if (!judge) console.log(`\nTo judge it: ${commandFor("train", flags, "--model", model)}`);
    else if (!(await platform.outputs()).workloads.includes(workload.name))
      console.log(
        `\nNo service of stack ${flags.stack} names the workload ${workload.name}: add one to Pulumi.${flags.stack}.yaml, then ${commandFor("up", flags)} judges it and deploys it`,
      );
    else {
      const outcomes = await trainModels(platform, progress, workload, [model]);
      printOutcomes(outcomes, flags);
      refuseFailed(outcomes);
    }
  };
  await (platform.plan.local ? withClusterLock(work) : work());
}
