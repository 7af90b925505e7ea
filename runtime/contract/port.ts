/** Ports that components open and jobs listen on. */
export const PORT = {
  /** Open Inference Protocol over HTTP. */
  inference: 8080,
  /** The same routes for callers from outside of the cluster, who need an API key. */
  gateway: 8081,
  /** `/metrics` of every runtime container. */
  metrics: 8002,
  alertReceiver: 8080,
  redis: 6379,
  prometheus: 9090,
  pushgateway: 9091,
  alertmanager: 9093,
} as const;
