/** What a plan cannot say: how much of a resource is used. Every field has a default, listed in `assumptions`. */
export interface Usage {
  /** Region of resources that neither name one nor have a provider in the plan that does. */
  regions?: { aws?: string; gcp?: string; azure?: string };
  /** Nodes of a pool by the name of its resource. @default - desired nodes where the pool says so, else its minimum */
  nodes?: Readonly<Record<string, number>>;
  /** Data in each bucket or storage account. @default 100 */
  objectStorageGib?: number;
  /** Data in each registry or repository. @default 10 */
  registryGib?: number;
  /** Data through each NAT gateway per month. @default 100 */
  natGib?: number;
  /** Data through each load balancer per month. @default 100 */
  loadBalancerGib?: number;
  /** Data through each private endpoint per month. @default 50 */
  endpointGib?: number;
  /** Logs written per month to each log group. @default 10 */
  logGib?: number;
}
