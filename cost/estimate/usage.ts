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
  /** Images and models in each repository of Artifact Registry, which holds many. @default 10 */
  registryGib?: number;
  /** Versions of one image or artifact: in each repository of ECR, and in each remote repository of Artifact Registry. @default 1 */
  repositoryGib?: number;
  /** Data through each NAT gateway per month. @default 100 */
  natGib?: number;
  /** Data through each load balancer per month. @default 100 */
  loadBalancerGib?: number;
  /** Data through each private endpoint per month. @default 50 */
  endpointGib?: number;
  /** Logs written to each log group or workspace per month. @default 10 */
  logGib?: number;
  /** Logs of each control plane per month, if they contain all audit records, which are most of them. @default 30 */
  auditLogGib?: number;
  /** Millions of samples of each cluster per month that Google's managed Prometheus takes in. @default 500 */
  metricSamplesMillion?: number;
  /** Flow logs of each network per month, if they have a price of their own. @default 10 */
  flowLogGib?: number;
}

export const DEFAULT_USAGE = {
  nodes: {},
  objectStorageGib: 100,
  registryGib: 10,
  repositoryGib: 1,
  natGib: 100,
  loadBalancerGib: 100,
  endpointGib: 50,
  logGib: 10,
  auditLogGib: 30,
  metricSamplesMillion: 500,
  flowLogGib: 10,
} satisfies Required<Omit<Usage, "regions" | "extendedSupport">>;
