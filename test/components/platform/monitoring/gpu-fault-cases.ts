import { gpu, ofGpu, pod } from "./gpu-series.ts";
import type { AlertCase } from "./promtool.ts";

const xid = (code: string): string =>
  ofGpu("DCGM_EXP_XID_ERRORS_COUNT", { ...pod, xid: code, window_size_in_ms: "300000" });

/** Histories of GPUs whose driver or memory has faults, and of others. */
export const gpuFaultCases: AlertCase[] = [
  {
    title: "an XID of a program, or a count of 0, raises no alert",
    alert: "GpuXidError",
    series: {
      [xid("13")]: "0 3x20",
      [xid("31")]: "0 1x20",
      [xid("43")]: "1x20",
      [xid("45")]: "1x20",
      [xid("109")]: "1x20",
      [xid("79")]: "0x20",
      [ofGpu("DCGM_EXP_XID_ERRORS_COUNT", { window_size_in_ms: "300000" })]: "0x20",
    },
    at: 10,
    fires: [],
  },
  {
    title: "a GPU that fell off the bus raises an alert at once, with its XID",
    alert: "GpuXidError",
    series: { [xid("79")]: "_ 1x5 _x30", [xid("31")]: "1x30" },
    at: 1,
    fires: [
      {
        labels: { ...gpu, xid: "79", severity: "critical" },
        says: [
          "GPU 0 of node-a reported XID 79",
          "The driver reported XID 79 of NVIDIA L4 GPU-1 in the last 20 minutes: do not trust the GPU.",
        ],
      },
    ],
  },
  {
    title: "an XID alert stays for a while after the exporter stops counting it",
    alert: "GpuXidError",
    series: { [xid("48")]: "1x5 _x40" },
    at: 18,
    fires: [
      {
        labels: { ...gpu, xid: "48", severity: "critical" },
        says: [
          "GPU 0 of node-a reported XID 48",
          "The driver reported XID 48 of NVIDIA L4 GPU-1 in the last 20 minutes: do not trust the GPU.",
        ],
      },
    ],
  },
  {
    title: "an XID alert ends, although DCGM keeps the last XID",
    alert: "GpuXidError",
    series: { [xid("48")]: "1x5 _x40", [ofGpu("DCGM_FI_DEV_XID_ERRORS", { err_code: "48" })]: "48x45" },
    at: 25,
    fires: [],
  },
  {
    title: "memory without errors raises no alert",
    alert: "GpuDoubleBitError",
    series: { [ofGpu("DCGM_FI_DEV_ECC_DBE_VOL_TOTAL")]: "0x10" },
    at: 5,
    fires: [],
  },
  {
    title: "a double-bit error raises one alert until the GPU is reset, whichever pods used it",
    alert: "GpuDoubleBitError",
    series: {
      [ofGpu("DCGM_FI_DEV_ECC_DBE_VOL_TOTAL", pod)]: "0 0 2x60 _x10",
      [ofGpu("DCGM_FI_DEV_ECC_DBE_VOL_TOTAL", { ...pod, pod: "other" })]: "2x65",
    },
    at: 60,
    fires: [
      {
        labels: { ...gpu, severity: "critical" },
        says: [
          "GPU 0 of node-a has memory that cannot be corrected",
          "2 double-bit errors of NVIDIA L4 GPU-1 since it was last reset.",
        ],
      },
    ],
  },
  {
    title: "no alert if remapping never failed, or the field has no value",
    alert: "GpuRowRemapFailed",
    series: {
      [ofGpu("DCGM_FI_DEV_ROW_REMAP_FAILURE")]: "0x10",
      [ofGpu("DCGM_FI_DEV_ROW_REMAP_FAILURE", { gpu: "1" })]: "9223372036854775794x10",
    },
    at: 5,
    fires: [],
  },
  {
    title: "failed remapping raises an alert",
    alert: "GpuRowRemapFailed",
    series: { [ofGpu("DCGM_FI_DEV_ROW_REMAP_FAILURE")]: "0 1x10" },
    at: 5,
    fires: [
      {
        labels: { ...gpu, severity: "critical" },
        says: [
          "GPU 0 of node-a has no spare memory left",
          "A row of memory of NVIDIA L4 GPU-1 could not be replaced by a spare one: replace the GPU.",
        ],
      },
    ],
  },
  {
    title: "rows that were replaced long ago raise no alert",
    alert: "GpuRowsRemapped",
    series: { [ofGpu("DCGM_FI_DEV_UNCORRECTABLE_REMAPPED_ROWS")]: "4x60" },
    at: 60,
    fires: [],
  },
  {
    title: "a row that is replaced now raises an alert",
    alert: "GpuRowsRemapped",
    series: { [ofGpu("DCGM_FI_DEV_UNCORRECTABLE_REMAPPED_ROWS")]: "4x30 5x30" },
    at: 60,
    fires: [
      {
        labels: { ...gpu, severity: "warning" },
        says: [
          "GPU 0 of node-a wears out",
          "Rows of memory of NVIDIA L4 GPU-1 were replaced by spare ones in the last day.",
        ],
      },
    ],
  },
];
