import { UnreadableState } from "../../local/engine/state/unreadable-state.ts";
import { UnknownStateVersion } from "../../local/engine/state/unknown-state-version.ts";
import { NoKubeconfig } from "../no-kubeconfig.ts";
import { OtherVersion } from "../other-version.ts";
import { BackendError } from "../stack/backend-error.ts";

/** Errors that know their fix. */
const KNOWN = [NoKubeconfig, BackendError, UnreadableState, UnknownStateVersion, OtherVersion] as const;

/** Returns the reason and the fix of an error that knows them. Returns undefined for every other error. */
export function knownFix(error: unknown): { reason: string; fix: string } | undefined {
  const known = KNOWN.find((kind) => error instanceof kind);
  if (known === undefined) return undefined;
  const { reason, fix } = error as InstanceType<typeof known>;
  return { reason, fix };
}
