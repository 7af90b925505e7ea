/**
 * Names of the Prometheus metrics that jobs export and rules and dashboards read. `nv_*` carry Triton's names and meaning,
 * `rest_server_*` MLServer's, so that dashboards made for those keep working.
 */
export const METRIC = {
  /** Counters by {model, version}. */
  inferenceRequestSuccess: "nv_inference_request_success",
  inferenceRequestFailure: "nv_inference_request_failure",
  /** Counter of rows scored, and of model executions: their ratio is the mean batch. */
  inferenceCount: "nv_inference_count",
  inferenceExecCount: "nv_inference_exec_count",
  /** Counters of microseconds by {model, version}. */
  inferenceRequestDurationUs: "nv_inference_request_duration_us",
  inferenceComputeInferDurationUs: "nv_inference_compute_infer_duration_us",
  /** Counter by {method, path, status_code}. */
  restServerRequests: "rest_server_requests_total",
  /** Histogram in seconds by {method, path, status_code}. */
  restServerRequestDuration: "rest_server_requests_duration_seconds",
  /** Gauge. */
  restServerRequestsInProgress: "rest_server_requests_in_progress",
  /** Gauge, 1, by {model, version, digest}: what this process serves. */
  modelInfo: "slipway_model_info",
  /** Counters by {model}: predictions written to the prediction log, and those lost because it could not be written. */
  predictionsLogged: "slipway_predictions_logged_total",
  predictionsLost: "slipway_predictions_lost_total",
  /** Counter by {view, status}: `hit`, `missing`, `stale`, `error`. */
  featureLookups: "slipway_feature_lookups_total",
  /**
   * Gauges of the last drift report by {environment, service, digest, workload, model}; the first two also by {variable}. A
   * variable has drifted where its PSI reaches its limit.
   */
  driftPsi: "slipway_drift_psi",
  driftPsiLimit: "slipway_drift_psi_limit",
  driftWindowRows: "slipway_drift_window_rows",
  driftLastRun: "slipway_drift_last_run_timestamp_seconds",
} as const;
