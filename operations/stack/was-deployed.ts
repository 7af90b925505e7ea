import { exportState } from "../../local/engine/engine.ts";
import { findBackend } from "./backend.ts";
import { hasPulumiCli } from "./open-stack.ts";

/** Whether the state of a stack has resources. Undefined if a remote backend cannot be asked. */
export async function wasDeployed(options: {
  projectDir: string;
  stack: string;
  env: NodeJS.ProcessEnv;
}): Promise<boolean | undefined> {
  const { projectDir, stack, env } = options;
  const backend = findBackend(env);
  if (backend.kind === "folder") {
    const state = await exportState({ projectDir, stack, backendDir: backend.folder });
    return (state?.deployment.resources ?? []).length > 0;
  }
  if (!(await hasPulumiCli())) return undefined;
  const { openCliStack, resourcesOf } = await import("./automation.ts"); // a large library
  const count = async (): Promise<number> => {
    const found = await openCliStack({ projectDir, stack, env }, { create: false });
    return found === undefined ? 0 : resourcesOf(found);
  };
  return count().then(
    (resources) => resources > 0,
    () => undefined,
  );
}
