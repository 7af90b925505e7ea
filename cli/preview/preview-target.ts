import { existsSync } from "node:fs";
import { checkStackPins } from "../../operations/check-stack-pins.ts";
import { pinnedModels, type PinCheck } from "../../operations/pinned-models.ts";
import { planTarget, type TargetPlan } from "../../operations/target.ts";
import type { Planned } from "./report.ts";
import type { StackNeeds } from "./stack-needs.ts";

/** The cluster and the config that a preview of a stack plans with. */
export type PreviewTarget = Pick<TargetPlan, "config" | "kubeconfig">;

/** The local cluster for its stacks, as far as there is one; other stacks find their own. */
export async function previewTarget(
  { stack, isLocal }: Pick<StackNeeds, "stack" | "isLocal">,
  root: string,
  env: NodeJS.ProcessEnv,
): Promise<PreviewTarget> {
  if (!isLocal) return { config: {} };
  const { config, kubeconfig = "" } = await planTarget(root, { stack }, env);
  return existsSync(kubeconfig) ? { config, kubeconfig } : { config: {} };
}

/** Looks the pinned digests of a stack up in its registry. A wrong config says so elsewhere. */
export async function previewPins(
  { stack, file }: Pick<StackNeeds, "stack" | "file">,
  root: string,
  env: NodeJS.ProcessEnv,
): Promise<PinCheck> {
  if (pinnedModels(file).length === 0) return { missing: [] };
  const plan = await planTarget(root, { stack }, env).catch(() => undefined);
  return plan === undefined ? { missing: [] } : checkStackPins(file, plan.registry, env);
}

/** A plan with the digests that are missing as failures, and a registry that could not be asked as a warning. */
export function withPins<P extends Planned>(planned: P, { missing, warning }: PinCheck): P {
  const failures = missing.map((reason) => ({ urn: "", reasons: [reason] }));
  const warnings = warning === undefined ? [] : [{ severity: "warning" as const, message: warning }];
  return {
    ...planned,
    failed: [...planned.failed, ...failures],
    diagnostics: [...planned.diagnostics, ...warnings],
  };
}
