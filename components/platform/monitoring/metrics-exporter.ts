/** An exporter of metrics that runs outside of the environments, such as dcgm-exporter. */
export interface MetricsExporter {
  /** Name of the scrape job. */
  name: string;
  namespace: string;
  /** Host name that resolves to the addresses of all its pods. */
  host: string;
  port: number;
  /** Subject of the metrics, if there are alerts about it. @default none */
  measures?: "gpus";
}
