import { METRIC } from "../../../runtime/contract/metric.ts";
import { alertBuilder, type RuleGroup } from "./alert-rule.ts";
import { watchedFor } from "./watched-service.ts";

export interface DriftAlertsOptions {
  /** Minutes between runs of the drift job. */
  intervalMinutes: number;
  runbook: string | undefined;
}

/** Template for the variable that is furthest beyond its limit. It is a query in the text: as a label, each change would start a new alert. */
const WORST_VARIABLE = `{{ range printf "topk(1, ${METRIC.driftPsi}{environment=%q,service=%q} / ${METRIC.driftPsiLimit})" $labels.environment $labels.service | query }}{{ .Labels.variable }}{{ end }}`;

/** Returns the alerts about drift, the drift job, and the prediction log that the job reads. */
export function driftAlerts({ intervalMinutes, runbook }: DriftAlertsOptions): RuleGroup {
  const alert = alertBuilder(runbook);
  const staleSeconds = 3 * intervalMinutes * 60;
  const sinceLastRun = `time() - max by (environment, service, workload, model) (${METRIC.driftLastRun})`;
  return {
    name: "slipway-drift",
    rules: [
      alert(
        "ModelDrift",
        "warning",
        // Compares each variable with its own limit. Ignores the last result of a job that no longer runs.
        `max by (environment, service, workload, model) (${METRIC.driftPsi} / ${METRIC.driftPsiLimit}) >= 1 and ${sinceLastRun} < ${staleSeconds}`,
        `${intervalMinutes + 1}m`, // at least two reports
        {
          summary:
            "{{ $labels.environment }}/{{ $labels.service }} sees data that {{ $labels.model }} was not trained on",
          description: `${WORST_VARIABLE} has drifted furthest: its PSI is {{ printf "%.1f" $value }} times its limit.`,
        },
      ),
      alert("DriftJobStale", "warning", `${sinceLastRun} > ${staleSeconds}`, "5m", {
        summary: "drift of {{ $labels.environment }}/{{ $labels.service }} is no longer measured",
        description: `The drift job last succeeded {{ $value | humanizeDuration }} ago; it runs every ${intervalMinutes} minutes.`,
      }),
      alert(
        "DriftJobAbsent",
        "warning",
        `${watchedFor(3 * intervalMinutes, "environment, service")} unless on (environment, service) max_over_time(${METRIC.driftLastRun}[${3 * intervalMinutes}m])`,
        undefined,
        {
          summary: "drift of {{ $labels.environment }}/{{ $labels.service }} is not measured",
          description: `No run of the drift job has succeeded in ${3 * intervalMinutes} minutes.`,
        },
      ),
      alert(
        "PredictionsLost",
        "warning",
        `sum by (namespace, service) (increase(${METRIC.predictionsLost}[10m])) > 0`,
        "1m",
        {
          summary: "{{ $labels.namespace }}/{{ $labels.service }} loses predictions of its log",
          description:
            '{{ printf "%.0f" $value }} predictions could not be logged in 10 minutes: drift is measured on fewer.',
        },
      ),
    ],
  };
}
