/** What Pulumi's SDK sends instead of a value that is not known before a deployment. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** A resource of a planned deployment, as a preview or a policy pack sees it. */
export interface PlannedResource {
  urn: string;
  /** Such as `aws:eks/nodeGroup:NodeGroup`. */
  type: string;
  name: string;
  /** URN of the parent. */
  parent?: string;
  /** URN of the provider, or its reference (`URN::id`). */
  provider?: string;
  /** Inputs, checked or not. An unknown value is {@link UNKNOWN}; a secret is `"[secret]"`. */
  inputs: Record<string, unknown>;
}
