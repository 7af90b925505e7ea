import { checkStackConfig, configLines } from "./check-stack-config.ts";
import { checkStackPins } from "./check-stack-pins.ts";
import type { Caller } from "./platform.ts";
import { ROOT } from "./root.ts";
import { loadStackFile } from "./stack/load-stack-file.ts";
import { hasPulumiCli } from "./stack/open-stack.ts";
import type { TargetPlan } from "./target.ts";

/** Refuses a deployment whose config has problems, before anything is started; tells the warnings. */
export async function refuseWrongConfig(
  stack: string,
  { root = ROOT, progress }: Pick<Caller, "root" | "progress">,
): Promise<void> {
  const file = await loadStackFile(root, stack);
  const { problems, warnings } = await checkStackConfig(file);
  for (const line of configLines(warnings, file)) progress.note(`warning: ${line}`);
  if (problems.length > 0)
    throw new Error(`the config of stack ${stack} is wrong:\n  ${configLines(problems, file).join("\n  ")}`);
}

/** Refuses to deploy a stack on a cloud where only the offline engine is, which creates nothing in clouds. */
export async function refuseWithoutCli(
  { cluster }: Pick<TargetPlan, "cluster">,
  stack: string,
  hasCli: () => Promise<boolean> = hasPulumiCli,
): Promise<void> {
  if (cluster !== "cloud" || (await hasCli())) return;
  throw new Error(
    `stack ${stack} makes resources of a cloud, which needs the pulumi CLI and there is none on the PATH: install it, or see what would be made with npm run preview -- --stack ${stack}; nothing was done`,
  );
}

/** Refuses a deployment that names a model which the registry does not have. The registry has to run. */
export async function refuseMissingModels(
  stack: string,
  { registry }: Pick<TargetPlan, "registry">,
  { root = ROOT, env = process.env, progress }: Pick<Caller, "root" | "env" | "progress">,
): Promise<void> {
  const file = await loadStackFile(root, stack);
  const { missing, warning } = await checkStackPins(file, registry, env);
  if (warning !== undefined) progress.note(`warning: ${warning}`);
  if (missing.length > 0) throw new Error(`${file.file}: ${missing.join("\n  ")}`);
}
