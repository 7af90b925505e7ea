/** A resource of a planned deployment, from a preview or a policy pack. */
export interface PlannedResource {
  urn: string;
  /** Such as `aws:eks/nodeGroup:NodeGroup`. */
  type: string;
  name: string;
  /** Id in the cloud, if the resource is already deployed. */
  id?: string;
  /** URN of the parent. */
  parent?: string;
  /** URN of the provider, or its reference (`URN::id`). */
  provider?: string;
  /** Inputs. For unknown values, `isUnknownValue` is true; secrets are `"[secret]"`. */
  inputs: Record<string, unknown>;
  /** URNs of the resources that a property's value comes from, by property. @default - not known */
  propertyDependencies?: Readonly<Record<string, readonly string[]>>;
}
