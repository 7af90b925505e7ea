import { checkStackPins } from "./check-stack-pins.ts";
import type { Caller } from "./platform.ts";
import { ROOT } from "./root.ts";
import { readStackFile } from "./stack/stack-file.ts";
import type { TargetPlan } from "./target.ts";

/**
 * Refuses a deployment that cannot end well, before anything is changed: `config` checks the stack's file, `pins` the
 * digests that it names. Pins are checked once the registry runs.
 */
export async function checkDeployment(
  stack: string,
  plan: TargetPlan,
  { root = ROOT, env = process.env, progress }: Caller,
  what: "config" | "pins",
): Promise<void> {
  const file = await readStackFile(root, stack);
  if (what === "config") return;
  const { missing, warning } = await checkStackPins(file, plan.registry, env);
  if (warning !== undefined) progress.note(`warning: ${warning}`);
  if (missing.length > 0) throw new Error(`${file.file}: ${missing.join("\n  ")}`);
}
