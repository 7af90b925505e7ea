import { join } from "node:path";
import { isPullThroughKind } from "../../components/platform/registry/pull-through.ts";
import { lineProgress } from "../../local/progress.ts";
import { connectRegistry } from "../../operations/connect-registry.ts";
import { ROOT } from "../../operations/root.ts";
import { stackRegistry, type StackRegistry } from "../../operations/stack/stack-registry.ts";
import { wasDeployed } from "../../operations/stack/was-deployed.ts";
import { explainMirrorFailure } from "../mirror/explain-mirror-failure.ts";
import { mirrorImages } from "../mirror/mirror-images.ts";
import { unreachableRegistries } from "../mirror/unreachable-registries.ts";
import { withRepositoryFix } from "../mirror/repository-fix.ts";

/** Brings the images of a stack's lock file into its registry. */
export async function mirror({ stack }: { stack: string }): Promise<void> {
  const { env } = process;
  const own = await stackRegistry(ROOT, stack);
  const { foundation } = own;
  await mirrorInto(own, stack, env).catch(async (error: unknown) => {
    throw await explainMirrorFailure(error, {
      foundation,
      isDeployed: () => wasDeployed({ projectDir: ROOT, stack: foundation ?? stack, env }),
    });
  });
}

async function mirrorInto(own: StackRegistry, stack: string, env: NodeJS.ProcessEnv): Promise<void> {
  const progress = lineProgress();
  await mirrorImages(progress, {
    target: withRepositoryFix(await connectRegistry({ ...own, note: progress.note }, env), {
      kind: own.kind,
      stack,
      command: "mirror",
      owner: own.foundation,
    }),
    built: own.built,
    ...(isPullThroughKind(own.kind) ? { needed: own.needed } : {}),
    ...(own.pullThrough === undefined ? {} : { pullThrough: own.pullThrough }),
    accounts: own.accounts,
    sourcesFile: join(ROOT, "images.sources.json"),
    lockFile: own.lockFile,
    connect: (source) => connectRegistry(source, env),
    unreachable: unreachableRegistries,
  });
}
