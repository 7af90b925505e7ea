import type { Bill, PricingContext } from "../estimate/charge.ts";
import type { InputReader } from "../estimate/input-reader.ts";
import { MANAGED_KUBERNETES, unsupported } from "../estimate/kubernetes-support.ts";
import { plainType } from "../estimate/plain-type.ts";
import { charge } from "./simple.ts";

interface ControlPlane {
  /** The SKUs in standard and in extended support. */
  skus: readonly [standard: string, extended: string];
  /** Whether the cluster keeps its version after the end of standard support, and pays for extended support. */
  staysBehind: boolean;
  /** Consequence for a cluster that does not keep its version, for the note. */
  otherwise: string;
}

/** Prices the control plane of a cluster, at the extended rate if its version is past standard support. */
export function controlPlane(
  inputs: InputReader,
  context: PricingContext,
  { skus, staysBehind, otherwise }: ControlPlane,
): Bill {
  const warning = pastSupport(inputs, context);
  const extended = context.usage.extendedSupport ?? (warning !== undefined && staysBehind);
  const consequence = extended ? "the extended rate is used" : otherwise;
  return {
    charges: [charge("control plane", skus[extended ? 1 : 0])],
    notes: warning === undefined ? [] : [`${warning}: ${consequence}`],
  };
}

/** Returns a sentence if a cluster's version is past its standard support; undefined if it is not, or if it is unknown. */
export function pastSupport(inputs: InputReader, { resource, today }: PricingContext): string | undefined {
  const managed = MANAGED_KUBERNETES[plainType(resource.type)];
  const version = managed === undefined ? undefined : inputs.known(managed.path);
  if (managed === undefined || typeof version !== "string") return undefined;
  const isLate = unsupported(version, managed.supportEnds, today) !== undefined;
  return isLate
    ? `Kubernetes ${version} of ${resource.name} is past its standard support on ${managed.service}`
    : undefined;
}
