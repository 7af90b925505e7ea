import { stackOutputs as engineOutputs } from "../../local/engine/engine.ts";
import { findBackend, knownPassphrase, stateNeedsCli } from "./backend.ts";
import { hasPulumiCli } from "./open-stack.ts";

/**
 * Returns the plain outputs of a stack in any backend; empty if it was never deployed. Secrets are masked. Throws BackendError where the
 * backend is remote and there is no pulumi CLI.
 */
export async function stackOutputs(options: {
  projectDir: string;
  stack: string;
  env: NodeJS.ProcessEnv;
}): Promise<Record<string, unknown>> {
  const { projectDir, stack, env } = options;
  if (await hasPulumiCli()) {
    const { openCliStack, plainOutputs } = await import("./automation.ts"); // a large library
    const found = await openCliStack({ projectDir, stack, env }, { create: false });
    return found === undefined ? {} : plainOutputs(found);
  }
  const backend = findBackend(env);
  if (backend.kind === "remote") throw stateNeedsCli(backend.url);
  const passphrase = (await knownPassphrase(backend.folder, env)) ?? "";
  return engineOutputs({ projectDir, stack, backendDir: backend.folder, passphrase });
}
