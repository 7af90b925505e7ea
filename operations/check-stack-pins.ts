import { connectRegistry, type RegistryAddress } from "./connect-registry.ts";
import { checkPinnedModels, pinnedModels, type PinCheck, type PinnedModel } from "./pinned-models.ts";
import type { StackFile } from "./stack/load-stack-file.ts";

/** A registry answers sooner, or it is not reachable from here. */
const TIMEOUT_MS = 5000;

/** Looks every version that a stack's file pins up in the stack's registry. */
export async function checkStackPins(
  file: Pick<StackFile, "config">,
  registry: RegistryAddress,
  env: NodeJS.ProcessEnv,
  pins: readonly PinnedModel[] = pinnedModels(file),
): Promise<PinCheck> {
  if (pins.length === 0) return { missing: [] };
  const client = await connectRegistry({ ...registry, retries: 0, timeoutMs: TIMEOUT_MS }, env);
  return checkPinnedModels(pins, client);
}
