import type { GcpService } from "../../components/gcp/agents.ts";
import type { TargetKind } from "../config/schema/target.ts";

/** Returns the services of Google Cloud whose agents encrypt data of the targets. */
export function targetAgents(targets: readonly TargetKind[], redis: boolean): GcpService[] {
  const has = (...kinds: TargetKind[]): boolean => kinds.some((kind) => targets.includes(kind));
  const agents: GcpService[] = [];
  if (has("vertex")) agents.push("aiplatform");
  if (has("cloud-functions")) agents.push("pubsub");
  if (has("cloud-run", "cloud-functions")) agents.push("run", ...(redis ? (["secretmanager"] as const) : []));
  return agents;
}
