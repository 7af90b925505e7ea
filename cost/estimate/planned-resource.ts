/** A resource of a planned deployment, as a preview or a policy pack sees it. */
export interface PlannedResource {
  urn: string;
  /** Such as `aws:eks/nodeGroup:NodeGroup`. */
  type: string;
  name: string;
  /** The cloud's id, where the resource is deployed already. */
  id?: string;
  /** URN of the parent. */
  parent?: string;
  /** URN of the provider, or its reference (`URN::id`). */
  provider?: string;
  /** Inputs, checked or not. An unknown value is one that `isUnknownValue` knows; a secret is `"[secret]"`. */
  inputs: Record<string, unknown>;
  /** Property → URNs of the resources that its value comes from. @default - not known */
  propertyDependencies?: Readonly<Record<string, readonly string[]>>;
}
