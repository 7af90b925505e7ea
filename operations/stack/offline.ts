import { destroy, stackOutputs, stackResources, up } from "../../local/engine/engine.ts";
import type { EngineOptions } from "../../local/engine/engine-options.ts";
import type { Summary } from "../../local/engine/summary.ts";
import { parseUrn } from "../../local/engine/urn.ts";
import { Interrupted } from "../interrupted.ts";
import { backendFolder, knownPassphrase } from "./backend.ts";
import { backendPassphrase } from "./passphrase.ts";
import { runningServicesEnv } from "./running-services.ts";
import type { StackOptions, StackRunner, StackSummary } from "./stack-runner.ts";

/** Runs the stack with the offline engine: for machines without a pulumi CLI. */
export function offlineRunner(options: StackOptions): StackRunner {
  const { projectDir, stack, config, kubeconfig, refresh = true, env, view } = options;
  const backendDir = backendFolder(env);
  const common = {
    projectDir,
    stack,
    backendDir,
    config,
    env: kubeconfig === undefined ? env : { ...env, KUBECONFIG: kubeconfig },
  };
  /** Options of a run that only reads: it creates no passphrase, and no folder for it. */
  const reading = async (): Promise<EngineOptions> => ({
    ...common,
    passphrase: (await knownPassphrase(backendDir, env)) ?? "",
  });
  const run = (
    operation: (options: EngineOptions) => Promise<Summary>,
    more: Partial<EngineOptions> = {},
  ): Promise<StackSummary> =>
    view.interruptible(async (signal) => {
      const passphrase = await backendPassphrase(backendDir, env);
      const summary = await operation({ ...common, passphrase, ...more, display: view.display(), signal });
      return succeeded(summary, stack, signal.aborted);
    });
  return {
    engine: "offline engine",
    up: async () =>
      run(up, {
        env: { ...common.env, ...runningServicesEnv(await stackOutputs(await reading())) },
        refresh,
        takeBack: refresh,
      }),
    destroy: async () => void (await run(destroy)),
    outputs: async () => stackOutputs(await reading()),
    resourceCount: async () => (await stackResources(await reading())).length,
  };
}

function succeeded(summary: Summary, stack: string, interrupted: boolean): StackSummary {
  const { action, ok, counts, failed } = summary;
  if (interrupted)
    throw new Interrupted(`${action} of stack ${stack} was interrupted: run it again, and it goes on`);
  if (ok) return { counts };
  const names = failed.flatMap(({ urn }) => (urn === "" ? [] : [parseUrn(urn).name]));
  const where = names.length === 0 ? "" : ` at ${names.join(", ")}`;
  throw new Error(
    `${action} of stack ${stack} failed${where}: the reasons are above; run it again when they are gone`,
  );
}
