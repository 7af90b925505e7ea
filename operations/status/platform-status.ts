/** What `npm run status -- --json` prints. A null is something that is not known yet. */
export interface PlatformStatus {
  cluster: {
    /** The API server answers and a node takes pods. */
    ready: boolean;
    server: string;
    /** Why it is not ready. */
    reason?: string;
    /** Local cluster only: its programs and all pods. */
    memoryMib?: number;
  };
  stack: { name: string; engine: string; resources: number };
  /** The model in production. */
  model: { name: string; digest: string; auc: number; gate: string } | null;
  /** Models that the gate keeps out. */
  refused: { name: string; auc: number; reason: string }[];
  services: {
    name: string;
    environment: string;
    /** Base URL: on the machine of a local cluster one that works there, elsewhere the one that works within the cluster. */
    url: string;
    digest: string;
    ready: boolean;
    /** Over everything that its pods have answered; null before the first request. */
    p50Ms: number | null;
    p99Ms: number | null;
  }[];
  /** Services outside of the cluster, as they were deployed last: their clouds are not asked. */
  managed: {
    name: string;
    environment: string;
    /** Such as `lambda`. */
    target: string;
    /** Null where the target tells no address before a model is deployed. */
    url: string | null;
    digest: string;
    /** Of the version that gets a share of the requests. */
    canaryDigest: string | null;
  }[];
  /** The last drift report of each service; `window` is when it was made. */
  drift: {
    name: string;
    environment: string;
    maxPsi: number | null;
    variable: string | null;
    window: string;
    rows: number;
  }[];
  /** Every alert that is pending or firing. */
  alerts: { name: string; state: string; severity: string; labels: Record<string, string> }[];
  /** Pods that wait for something, and why. */
  waiting: { pod: string; reason: string }[];
}
