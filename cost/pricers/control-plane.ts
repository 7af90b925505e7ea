import type { Bill, PricingContext } from "../estimate/charge.ts";
import type { InputReader } from "../estimate/input-reader.ts";
import { MANAGED_KUBERNETES, unsupported } from "../estimate/kubernetes-support.ts";
import { plainType } from "../estimate/plain-type.ts";
import { charge } from "./simple.ts";

interface ControlPlane {
  /** The sku in standard support, and that in extended support. */
  skus: readonly [standard: string, extended: string];
  /** Whether the cluster keeps a version past its standard support, and pays for that. */
  staysBehind: boolean;
  /** What happens to a cluster past its standard support that does not stay behind. */
  otherwise: string;
}

/** The control plane of a cluster: at the extended rate where its version is past its standard support. */
export function controlPlane(
  inputs: InputReader,
  context: PricingContext,
  { skus, staysBehind, otherwise }: ControlPlane,
): Bill {
  const late = pastSupport(inputs, context);
  const extended = context.usage.extendedSupport ?? (late !== undefined && staysBehind);
  const consequence = extended ? "the extended rate is taken" : otherwise;
  return {
    charges: [charge("control plane", skus[extended ? 1 : 0])],
    notes: late === undefined ? [] : [`${late}: ${consequence}`],
  };
}

/** Says that a cluster's version is past its standard support; undefined where it is not, or is not known. */
export function pastSupport(inputs: InputReader, { resource, today }: PricingContext): string | undefined {
  const managed = MANAGED_KUBERNETES[plainType(resource.type)];
  const version = managed === undefined ? undefined : inputs.known(managed.path);
  if (managed === undefined || typeof version !== "string") return undefined;
  const isLate = unsupported(version, managed.supportEnds, today) !== undefined;
  return isLate
    ? `Kubernetes ${version} of ${resource.name} is past its standard support on ${managed.service}`
    : undefined;
}
