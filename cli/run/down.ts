import { clusterDown } from "../../local/cluster/cluster-down.ts";
import { withClusterLock } from "../../local/cluster/lock.ts";
import { lineProgress } from "../../local/progress.ts";
import type { PlatformFlags } from "../../operations/platform.ts";
import { ROOT } from "../../operations/root.ts";
import { configWithFoundation, foundationOf } from "../../operations/stack/foundation-of.ts";
import { loadStackFile } from "../../operations/stack/load-stack-file.ts";
import { stackCluster } from "../../operations/stack/stack-cluster.ts";
import { WrongRequest } from "../../operations/wrong-request.ts";
import { terminalView } from "../terminal-view.ts";

/** Removes the local platform from the machine. On a cluster of the user, deletes the resources of the stack. */
export async function down(flags: PlatformFlags & { purge: boolean }): Promise<void> {
  const { stack, purge } = flags;
  const progress = lineProgress();
  const file = await loadStackFile(ROOT, stack);
  const cluster = stackCluster({ stack, config: await configWithFoundation(file) });
  if (cluster.kind === "cloud") {
    const foundation = (await foundationOf(file))?.stack;
    const after =
      foundation === undefined ? "" : `, then its foundation: pulumi destroy --stack ${foundation}`;
    throw new WrongRequest(
      `stack ${stack} runs on ${cluster.service}, and down takes away the local platform alone; nothing was done. ` +
        `To delete the stack with its data: pulumi destroy --stack ${stack}${after}. To take the local platform away: npm run down`,
    );
  }
  const { connectTarget, planTarget } = await import("../../operations/target.ts");
  const plan = await planTarget(ROOT, flags, process.env);
  if (plan.local) {
    await withClusterLock(() => clusterDown(progress, { purge }));
    progress.note(
      "This machine is as it was before `npm run up`. The Debian packages that were installed stay.",
    );
    return;
  }
  if (purge)
    throw new WrongRequest(
      "--purge removes the caches of the local platform: run it without --context and with a stack on the local cluster",
    );
  await connectTarget(plan, process.env, progress.note); // refuses a wrong context
  const { stackOn } = await import("../../operations/platform.ts");
  const runner = await stackOn(plan, stack, { progress, view: terminalView() });
  await progress.step(`Destroy stack ${stack}`, () => runner.destroy());
  const where = plan.context === undefined ? "its cluster" : `the cluster of context ${plan.context}`;
  progress.note(
    `The resources of stack ${stack} on ${where} are deleted. The cluster itself and the registry ${plan.registry.url} stay as they were, with all models and images.`,
  );
}
