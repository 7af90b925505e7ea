import { existsSync } from "node:fs";
import { planTarget, type TargetPlan } from "../../operations/target.ts";
import type { StackNeeds } from "./stack-needs.ts";

/** The cluster and the config that a preview of a stack plans with. */
export type PreviewTarget = Pick<TargetPlan, "config" | "kubeconfig">;

/** Returns the local cluster for a stack on it, if it is there. The programs of other stacks find their own cluster. */
export async function previewTarget(
  { stack, isLocal }: Pick<StackNeeds, "stack" | "isLocal">,
  root: string,
  env: NodeJS.ProcessEnv,
): Promise<PreviewTarget> {
  if (!isLocal) return { config: {} };
  const { config, kubeconfig = "" } = await planTarget(root, { stack }, env);
  return existsSync(kubeconfig) ? { config, kubeconfig } : { config: {} };
}
