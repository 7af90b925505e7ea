import type { NamedMetric } from "../../runtime/contract/task-metrics.ts";
import type { Problem } from "./problems.ts";

/** The document of `npm run status -- --json`. A null is a value that is not known. */
export interface PlatformStatus {
  cluster: {
    /** The API server answers and a node takes pods. */
    ready: boolean;
    server: string;
    /** Why the cluster is not ready. */
    reason?: string;
    /** Local cluster only: memory of its programs and all pods. */
    memoryMib?: number;
  };
  stack: { name: string; engine: string; resources: number };
  /** Parts that are missing or do not answer. */
  problems: Problem[];
  models: ModelStatus[];
  services: ServiceStatus[];
  /** Services outside of the cluster, as of the last deployment: their clouds are not asked. */
  managed: {
    name: string;
    environment: string;
    /** Such as `lambda`. */
    target: string;
    /** Null where the target has no known address. */
    url: string | null;
    digest: string;
    /** Digest of the version that gets a share of the requests. */
    canaryDigest: string | null;
  }[];
  /** Versions that are served although the gate of their model refuses them, and the reason in the stack's file. */
  accepted: { name: string; environment: string; digest: string; reason: string }[];
  /** The last drift report of each service; `window` is the time of the report. */
  drift: {
    name: string;
    environment: string;
    /** PSI of the variable that is furthest over, or nearest to, its own limit. */
    maxPsi: number | null;
    /** PSI from which that variable counts as drifted. */
    limit: number | null;
    variable: string | null;
    window: string;
    rows: number;
  }[];
  /** Every alert that is pending or firing. */
  alerts: { name: string; state: string; severity: string; labels: Record<string, string> }[];
  /** Pods that wait for something, and why. */
  waiting: { pod: string; reason: string }[];
  /** Pages for a person: a URL that works on this machine, or the command that opens one. */
  pages: { name: string; address: string }[];
}

/** A model of the stack's workloads. */
export interface ModelStatus {
  workload: string;
  name: string;
  /** Verdict of the gate over the last training. */
  gate: "passed" | "refused" | "not trained" | "unknown";
  /** The main metric of the last training on its test rows, such as `auc`; null if there was none. */
  metric: NamedMetric | null;
  /** Why the gate refused it. */
  reason: string | null;
  /** Newest version that passed the gate. */
  newest: string | null;
  /** Version that `champion` names: the one for production. */
  champion: string | null;
  /** Parts of the definition in this checkout that differ from those of the version for production, or else of the last training. */
  changed: string[];
}

/** A service in the cluster. */
export interface ServiceStatus {
  name: string;
  environment: string;
  model: string;
  /** Base URL: on the machine of a local cluster one that works there, elsewhere the one that works within the cluster. */
  url: string;
  /** URL for callers from outside; null if no gateway publishes the service. */
  publicUrl: string | null;
  /** Digest that the stack wants. */
  digest: string;
  /** Digests that ready pods serve now: `digest` alone, unless a rollout runs or fails. */
  answering: string[];
  /** Every wanted replica is ready, with the version of `digest`. */
  ready: boolean;
  readyReplicas: number;
  /** Null where its Deployment is missing. */
  wantedReplicas: number | null;
  /** Why not all replicas serve `digest`; null where they do. */
  rollout: string | null;
  /** Over all requests that its pods have answered; null before the first request, and while no pod is ready. */
  p50Ms: number | null;
  p99Ms: number | null;
  /** A request that can be sent as it stands, and the score that it gets; null while no pod is ready. */
  example: { url: string; body: string; expected: number } | null;
  /** A `:predict` request as a caller sends it; null while no pod is ready, and for a model whose examples name no request. */
  predict: { url: string; body: string } | null;
}
