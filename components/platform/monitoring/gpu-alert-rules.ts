import { alertBuilder, type RuleGroup } from "./alert-rule.ts";

/** Labels that identify a GPU: its node, its index on the node, its serial and its model. */
const GPU_LABELS = "Hostname, gpu, UUID, modelName";

/** Labels that identify a GPU or an instance of MIG, and the pod that uses it. */
const POD_GPU_LABELS = `${GPU_LABELS}, GPU_I_ID, namespace, pod, container`;

/**
 * XIDs of faults in a program, which leave the GPU intact. NVIDIA's device plugin ignores them, and marks the GPU unhealthy after any
 * other.
 * @see https://github.com/NVIDIA/k8s-device-plugin/blob/main/internal/rm/health.go
 */
const PROGRAM_XIDS = [13, 31, 43, 45, 68, 109];

/** Conditions on bits of `DCGM_FI_DEV_CLOCKS_EVENT_REASONS`. The power cap, 4, is left out: a busy GPU normally runs at its cap. */
const SLOWDOWN = {
  /** Bit 32: thermal slowdown by software. Bit 64: by hardware. */
  heat: "floor(DCGM_FI_DEV_CLOCKS_EVENT_REASONS / 32) % 4 > bool 0",
  /** Bit 128: power brake. The machine told the GPU to draw less power. */
  brake: "floor(DCGM_FI_DEV_CLOCKS_EVENT_REASONS / 128) % 2 > bool 0",
};

/** Holds if a GPU met the condition for more than half of 15 minutes. Heat comes and goes between two scrapes. */
const halfOfTheTime = (condition: string): string =>
  `max by (${GPU_LABELS}) (avg_over_time((${condition})[15m:1m])) > 0.5`;

/**
 * How busy a GPU is: a ratio, or whole percents, so that a value under 0.01 means idle in both. With MIG there is no GPU_UTIL; before
 * Volta there are no PROF fields.
 */
const UTILIZATION =
  'DCGM_FI_PROF_GR_ENGINE_ACTIVE{pod!=""} or on (UUID, GPU_I_ID) DCGM_FI_DEV_GPU_UTIL{pod!=""}';

const NAME = "GPU {{ $labels.gpu }} of {{ $labels.Hostname }}";
const POD = "{{ $labels.namespace }}/{{ $labels.pod }}";

/**
 * Returns the alerts about GPUs with dcgm-exporter. Alerts about health name the GPU, because somebody must repair its node. Alerts
 * about use name the pod that uses the GPU.
 */
export function gpuAlertRules(runbook?: string): RuleGroup {
  const alert = alertBuilder(runbook);
  return {
    name: "slipway-gpu",
    rules: [
      alert(
        "GpuXidError",
        "critical",
        // The exporter counts the errors of 5 minutes; the alert looks back another 15.
        `max by (${GPU_LABELS}, xid) (max_over_time(DCGM_EXP_XID_ERRORS_COUNT{xid!~"0|${PROGRAM_XIDS.join("|")}"}[15m])) > 0`,
        undefined,
        {
          summary: `${NAME} reported XID {{ $labels.xid }}`,
          description: `The driver reported XID {{ $labels.xid }} of {{ $labels.modelName }} {{ $labels.UUID }} in the last 20 minutes: do not trust the GPU.`,
        },
      ),
      alert(
        "GpuDoubleBitError",
        "critical",
        `max by (${GPU_LABELS}) (DCGM_FI_DEV_ECC_DBE_VOL_TOTAL) > 0`,
        undefined,
        {
          summary: `${NAME} has memory that cannot be corrected`,
          description: `{{ $value }} double-bit errors of {{ $labels.modelName }} {{ $labels.UUID }} since it was last reset.`,
        },
      ),
      alert(
        "GpuRowRemapFailed",
        "critical",
        `max by (${GPU_LABELS}) (DCGM_FI_DEV_ROW_REMAP_FAILURE) == 1`,
        "1m",
        {
          summary: `${NAME} has no spare memory left`,
          description: `A row of memory of {{ $labels.modelName }} {{ $labels.UUID }} could not be replaced by a spare one: replace the GPU.`,
        },
      ),
      alert(
        "GpuRowsRemapped",
        "warning",
        `max by (${GPU_LABELS}) (increase(DCGM_FI_DEV_UNCORRECTABLE_REMAPPED_ROWS[1d])) > 0`,
        undefined,
        {
          summary: `${NAME} wears out`,
          description: `Rows of memory of {{ $labels.modelName }} {{ $labels.UUID }} were replaced by spare ones in the last day.`,
        },
      ),
      alert("GpuTooHot", "warning", halfOfTheTime(SLOWDOWN.heat), "5m", {
        summary: `${NAME} is slowed by heat`,
        description: `{{ $labels.modelName }} {{ $labels.UUID }} ran slower for most of 15 minutes, to cool down.`,
      }),
      alert("GpuPowerBrake", "warning", halfOfTheTime(SLOWDOWN.brake), "5m", {
        summary: `${NAME} is slowed by its machine's power supply`,
        description: `{{ $labels.modelName }} {{ $labels.UUID }} ran slower for most of 15 minutes, because its machine limits its power.`,
      }),
      alert(
        "GpuMemoryNearlyFull",
        "info",
        `max by (${POD_GPU_LABELS}) (DCGM_FI_DEV_FB_USED{pod!=""} / (DCGM_FI_DEV_FB_USED + DCGM_FI_DEV_FB_FREE)) > 0.95`,
        "15m",
        {
          summary: `${POD} has little memory left on its GPU`,
          description: `{{ $value | humanizePercentage }} of the memory of ${NAME} has been taken for 15 minutes.`,
        },
      ),
      alert(
        "GpuIdle",
        "info",
        `max by (${POD_GPU_LABELS}) (max_over_time((${UTILIZATION})[10m:1m])) < 0.01`,
        "6h",
        {
          summary: `${POD} does not use its GPU`,
          description: `${NAME} ({{ $labels.modelName }}) has been idle for 6 hours, and costs as much as a busy one.`,
        },
      ),
    ],
  };
}
