import { textAt } from "../json-object.ts";
import type { JsonObject } from "../json-object.ts";
import { READY, failed, waiting } from "./verdict.ts";
import type { ClusterReader, Verdict } from "./verdict.ts";

/** A claim is ready once it is bound. If its class binds on first use, it is ready at once: only a pod binds it. */
export async function judgeClaim(claim: JsonObject, reader: ClusterReader): Promise<Verdict> {
  const phase = textAt(claim, "status", "phase");
  if (phase === "Bound") return READY;
  if (phase === "Lost") return failed(`its volume ${textAt(claim, "spec", "volumeName") ?? ""} is lost`);
  const className = textAt(claim, "spec", "storageClassName");
  if (className !== undefined && className !== "") {
    const storageClass = await reader.get("storage.k8s.io/v1", "StorageClass", undefined, className);
    if (storageClass === undefined) return waiting(`there is no StorageClass ${className}`);
    if (textAt(storageClass, "volumeBindingMode") === "WaitForFirstConsumer") return READY;
  }
  return waiting(
    className === undefined
      ? "no default StorageClass has been assigned yet"
      : `not bound yet (StorageClass ${className})`,
  );
}

/** A volume is ready once it is available or bound. */
export function judgeVolume(volume: JsonObject): Verdict {
  const phase = textAt(volume, "status", "phase");
  if (phase === "Available" || phase === "Bound") return READY;
  if (phase === "Failed") return failed(textAt(volume, "status", "message") ?? "the volume failed");
  return waiting(phase ?? "not seen yet");
}
