import { checkStackConfig, configLines } from "./check-stack-config.ts";
import { checkStackPins } from "./check-stack-pins.ts";
import type { Caller } from "./platform.ts";
import { ROOT } from "./root.ts";
import { loadStackFile } from "./stack/load-stack-file.ts";
import { hasPulumiCli } from "./stack/open-stack.ts";
import type { TargetPlan } from "./target.ts";
import { WrongRequest } from "./wrong-request.ts";

/** Throws where the config of a stack has problems, before anything is started: with the warnings. Without problems notes the warnings. */
export async function refuseWrongConfig(
  stack: string,
  { root = ROOT, progress }: Pick<Caller, "root" | "progress">,
): Promise<void> {
  const file = await loadStackFile(root, stack);
  const { problems, warnings } = await checkStackConfig(file);
  const warningLines = configLines(warnings, file).map((line) => `warning: ${line}`);
  if (problems.length > 0)
    throw new Error(
      `the config of stack ${stack} is wrong:\n  ${[...configLines(problems, file), ...warningLines].join("\n  ")}`,
    );
  for (const line of warningLines) progress.note(line);
}

/** Throws where a stack on a cloud is to be deployed without the pulumi CLI: the offline engine creates nothing in clouds. */
export async function refuseWithoutCli(
  { cluster }: Pick<TargetPlan, "cluster">,
  stack: string,
  hasCli: () => Promise<boolean> = hasPulumiCli,
): Promise<void> {
  if (cluster !== "cloud" || (await hasCli())) return;
  throw new WrongRequest(
    `stack ${stack} makes resources of a cloud, which needs the pulumi CLI, and the PATH has none: install it, or see the plan with npm run preview -- --stack ${stack}; nothing was done`,
  );
}

/**
 * Throws where a stack pins a model that its registry does not have, whose parts belong to another, or that its gate refuses. The registry
 * has to run.
 */
export async function refuseMissingModels(
  stack: string,
  { registry }: Pick<TargetPlan, "registry">,
  { root = ROOT, env = process.env, progress }: Pick<Caller, "root" | "env" | "progress">,
): Promise<void> {
  const file = await loadStackFile(root, stack);
  const { wrong, notices, warning } = await checkStackPins(file, { ...registry, note: progress.note }, env);
  if (warning !== undefined) progress.note(`warning: ${warning}`);
  for (const notice of notices) progress.note(`warning: ${notice}`);
  if (wrong.length > 0)
    throw new Error(
      `stack ${stack} pins models that cannot be served:\n  ${configLines(wrong, file).join("\n  ")}`,
    );
}
