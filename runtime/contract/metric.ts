/**
 * Names of the Prometheus metrics that jobs export and rules and dashboards read. `nv_*` have the names and meanings of Triton,
 * `rest_server_*` those of MLServer, so that their dashboards work.
 */
export const METRIC = {
  /** Counters by {model, version}. */
  inferenceRequestSuccess: "nv_inference_request_success",
  inferenceRequestFailure: "nv_inference_request_failure",
  /** Counters of rows scored and of model executions. Their ratio is the mean batch size. */
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
  /** Gauge by {model, version, digest}, always 1: the model that this process serves. */
  modelInfo: "slipway_model_info",
  /** Counters by {model}: predictions that were written to the prediction log, and those that were lost. */
  predictionsLogged: "slipway_predictions_logged_total",
  predictionsLost: "slipway_predictions_lost_total",
  /** Counter by {view, status}: `hit`, `missing`, `stale`, `error`. */
  featureLookups: "slipway_feature_lookups_total",
  /**
   * Gauges of the last drift report by {environment, service, digest, workload, model}; the first two also by {variable}. A
   * variable has drifted if its PSI reaches its limit.
   */
  driftPsi: "slipway_drift_psi",
  driftPsiLimit: "slipway_drift_psi_limit",
  driftWindowRows: "slipway_drift_window_rows",
  driftLastRun: "slipway_drift_last_run_timestamp_seconds",
} as const;
