/** Assumptions about the use of resources, which a plan does not contain. */
export interface Usage {
  /** Region by cloud, for resources that neither have a region nor a provider with one. */
  regions?: { aws?: string; gcp?: string; azure?: string };
  /** Expected number of nodes in a pool, by the name of its resource. @default - its initial size, at least its minimum */
  nodes?: Readonly<Record<string, number>>;
  /** Whether clusters pay for extended support. @default - by their versions, on the day of the estimate */
  extendedSupport?: boolean;
  /** Data in each bucket or storage account. @default 100 */
  objectStorageGib?: number;
  /** Images and models in each registry or repository. @default 10 */
  registryGib?: number;
  /** Data through each NAT gateway per month. @default 100 */
  natGib?: number;
  /** Data through each load balancer per month. @default 100 */
  loadBalancerGib?: number;
  /** Data through each private endpoint per month. @default 50 */
  endpointGib?: number;
  /** Logs written to each log group or workspace per month. @default 10 */
  logGib?: number;
  /** Flow logs of each network per month, if they have a price of their own. @default 10 */
  flowLogGib?: number;
}

export const DEFAULT_USAGE = {
  nodes: {},
  objectStorageGib: 100,
  registryGib: 10,
  natGib: 100,
  loadBalancerGib: 100,
  endpointGib: 50,
  logGib: 10,
  flowLogGib: 10,
} satisfies Required<Omit<Usage, "regions" | "extendedSupport">>;
