/** Pods outside of the environments that have metrics, such as those of GPUs. */
export interface MetricsExporter {
  /** Name of the scrape job. */
  name: string;
  namespace: string;
  /** Name that resolves to the addresses of all pods. */
  host: string;
  port: number;
  /** What there are alerts about, if these metrics are there. @default none */
  measures?: "gpus";
}
