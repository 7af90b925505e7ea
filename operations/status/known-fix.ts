import { UnreadableState } from "../../local/engine/state/unreadable-state.ts";
import { NoKubeconfig } from "../no-kubeconfig.ts";
import { BackendError } from "../stack/backend-error.ts";

/** Returns the reason and the fix of an error that knows them. Returns undefined for every other error. */
export function knownFix(error: unknown): { reason: string; fix: string } | undefined {
  const isKnown =
    error instanceof NoKubeconfig || error instanceof BackendError || error instanceof UnreadableState;
  return isKnown ? { reason: error.reason, fix: error.fix } : undefined;
}
