import { alertBuilder, type RuleGroup } from "./alert-rule.ts";

/** What tells one GPU from another: the node, its index there, its serial, its model. */
const GPU = "Hostname, gpu, UUID, modelName";

/** The same of an instance of MIG, and the pod that has it. */
const HELD = `${GPU}, GPU_I_ID, namespace, pod, container`;

/**
 * XIDs by which a program does harm to itself alone. NVIDIA's device plugin keeps a GPU through these, and takes it from
 * the node after any other.
 * @see https://github.com/NVIDIA/k8s-device-plugin/blob/main/internal/rm/health.go
 */
const XIDS_OF_PROGRAMS = [13, 31, 43, 45, 68, 109];

/** Bits of `DCGM_FI_DEV_CLOCKS_EVENT_REASONS`. The cap on power, 4, is left out: a busy GPU runs at its cap. */
const SLOWED = {
  /** 32, slowdown by heat in software, and 64, in hardware. */
  heat: "floor(DCGM_FI_DEV_CLOCKS_EVENT_REASONS / 32) % 4 > bool 0",
  /** 128: the machine told the GPU to draw less. */
  brake: "floor(DCGM_FI_DEV_CLOCKS_EVENT_REASONS / 128) % 2 > bool 0",
};

/** Share of 15 minutes, where it is over a half: heat comes and goes within a scrape. */
const halfOfTheTime = (slowed: string): string =>
  `max by (${GPU}) (avg_over_time((${slowed})[15m:1m])) > 0.5`;

/**
 * How busy: a share, or whole percents, so that under 0.01 is nothing in either. Under MIG no field ends in UTIL; before
 * Volta there is no field of PROF.
 */
const BUSY = 'DCGM_FI_PROF_GR_ENGINE_ACTIVE{pod!=""} or on (UUID, GPU_I_ID) DCGM_FI_DEV_GPU_UTIL{pod!=""}';

const NAME = "GPU {{ $labels.gpu }} of {{ $labels.Hostname }}";
const POD = "{{ $labels.namespace }}/{{ $labels.pod }}";

/**
 * Rules about GPUs whose metrics DCGM's exporter has. Those of health speak of a GPU, for it is the node that has to be
 * seen to; those of use speak of the pod that has it.
 */
export function gpuAlertRules(runbook?: string): RuleGroup {
  const alert = alertBuilder(runbook);
  return {
    name: "slipway-gpu",
    rules: [
      alert(
        "GpuXidError",
        "critical",
        // The exporter counts within 5 minutes; here it is seen for 15.
        `max by (${GPU}, xid) (max_over_time(DCGM_EXP_XID_ERRORS_COUNT{xid!~"0|${XIDS_OF_PROGRAMS.join("|")}"}[15m])) > 0`,
        undefined,
        {
          summary: `${NAME} reported XID {{ $labels.xid }}`,
          description: `The driver reported XID {{ $labels.xid }} of {{ $labels.modelName }} {{ $labels.UUID }} in the last 20 minutes: the GPU is not to be trusted.`,
        },
      ),
      alert(
        "GpuDoubleBitError",
        "critical",
        `max by (${GPU}) (DCGM_FI_DEV_ECC_DBE_VOL_TOTAL) > 0`,
        undefined,
        {
          summary: `${NAME} has memory that cannot be corrected`,
          description: `{{ $value }} double-bit errors of {{ $labels.modelName }} {{ $labels.UUID }} since it was last reset.`,
        },
      ),
      alert("GpuRowRemapFailed", "critical", `max by (${GPU}) (DCGM_FI_DEV_ROW_REMAP_FAILURE) == 1`, "1m", {
        summary: `${NAME} has no spare memory left`,
        description: `A row of memory of {{ $labels.modelName }} {{ $labels.UUID }} could not be replaced: the GPU has to be.`,
      }),
      alert(
        "GpuRowsRemapped",
        "warning",
        `max by (${GPU}) (increase(DCGM_FI_DEV_UNCORRECTABLE_REMAPPED_ROWS[1d])) > 0`,
        undefined,
        {
          summary: `${NAME} wears out`,
          description: `Rows of memory of {{ $labels.modelName }} {{ $labels.UUID }} were replaced by spare ones in the last day.`,
        },
      ),
      alert("GpuTooHot", "warning", halfOfTheTime(SLOWED.heat), "5m", {
        summary: `${NAME} is slowed by heat`,
        description: `{{ $labels.modelName }} {{ $labels.UUID }} ran slower for most of 15 minutes, to cool down.`,
      }),
      alert("GpuPowerBrake", "warning", halfOfTheTime(SLOWED.brake), "5m", {
        summary: `${NAME} is slowed by its machine's power supply`,
        description: `{{ $labels.modelName }} {{ $labels.UUID }} ran slower for most of 15 minutes, as its machine told it to.`,
      }),
      alert(
        "GpuMemoryNearlyFull",
        "info",
        `max by (${HELD}) (DCGM_FI_DEV_FB_USED{pod!=""} / (DCGM_FI_DEV_FB_USED + DCGM_FI_DEV_FB_FREE)) > 0.95`,
        "15m",
        {
          summary: `${POD} has little memory left on its GPU`,
          description: `{{ $value | humanizePercentage }} of the memory of ${NAME} has been taken for 15 minutes.`,
        },
      ),
      alert("GpuIdle", "info", `max by (${HELD}) (max_over_time((${BUSY})[10m:1m])) < 0.01`, "6h", {
        summary: `${POD} keeps a GPU that it does not use`,
        description: `${NAME} ({{ $labels.modelName }}) has done nothing for 6 hours, and costs what a busy one does.`,
      }),
    ],
  };
}
