// One table of cases for one file of rules: it would not be easier to find a case in two.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { stringify } from "yaml";
import { gpuAlertRules } from "../../../../components/platform/monitoring/gpu-alert-rules.ts";
import { promtool, tryCase, untried, type AlertCase } from "./promtool.ts";

const groups = [gpuAlertRules()];

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "slipway-gpu-rules-"));
  await writeFile(join(folder, "rules.yml"), stringify({ groups }, { lineWidth: 0 }));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const gpu = { Hostname: "node-a", gpu: "0", UUID: "GPU-1", modelName: "NVIDIA L4" };
const pod = { namespace: "production", pod: "pushback-7d", container: "server" };
const on = (metric: string, labels: Record<string, string> = {}): string =>
  `${metric}{${Object.entries({ ...gpu, instance: "10.0.0.7:9400", ...labels })
    .map(([name, value]) => `${name}="${value}"`)
    .join(",")}}`;
const xid = (code: string): string =>
  on("DCGM_EXP_XID_ERRORS_COUNT", { ...pod, xid: code, window_size_in_ms: "300000" });
const reasons = on("DCGM_FI_DEV_CLOCKS_EVENT_REASONS");
const used = on("DCGM_FI_DEV_FB_USED", pod);
const free = on("DCGM_FI_DEV_FB_FREE", pod);
const engine = on("DCGM_FI_PROF_GR_ENGINE_ACTIVE", pod);
const util = on("DCGM_FI_DEV_GPU_UTIL", pod);
const idleSays: [string, string] = [
  "production/pushback-7d does not use its GPU",
  "GPU 0 of node-a (NVIDIA L4) has been idle for 6 hours, and costs as much as a busy one.",
];
const idle = [{ labels: { ...gpu, ...pod, severity: "info" }, says: idleSays }];
const hot: AlertCase["fires"] = [
  {
    labels: { ...gpu, severity: "warning" },
    says: [
      "GPU 0 of node-a is slowed by heat",
      "NVIDIA L4 GPU-1 ran slower for most of 15 minutes, to cool down.",
    ],
  },
];

const cases: AlertCase[] = [
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
      [on("DCGM_EXP_XID_ERRORS_COUNT", { window_size_in_ms: "300000" })]: "0x20",
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
    series: { [xid("48")]: "1x5 _x40", [on("DCGM_FI_DEV_XID_ERRORS", { err_code: "48" })]: "48x45" },
    at: 25,
    fires: [],
  },
  {
    title: "memory without errors raises no alert",
    alert: "GpuDoubleBitError",
    series: { [on("DCGM_FI_DEV_ECC_DBE_VOL_TOTAL")]: "0x10" },
    at: 5,
    fires: [],
  },
  {
    title: "a double-bit error raises one alert until the GPU is reset, whichever pods used it",
    alert: "GpuDoubleBitError",
    series: {
      [on("DCGM_FI_DEV_ECC_DBE_VOL_TOTAL", pod)]: "0 0 2x60 _x10",
      [on("DCGM_FI_DEV_ECC_DBE_VOL_TOTAL", { ...pod, pod: "other" })]: "2x65",
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
      [on("DCGM_FI_DEV_ROW_REMAP_FAILURE")]: "0x10",
      [on("DCGM_FI_DEV_ROW_REMAP_FAILURE", { gpu: "1" })]: "9223372036854775794x10",
    },
    at: 5,
    fires: [],
  },
  {
    title: "failed remapping raises an alert",
    alert: "GpuRowRemapFailed",
    series: { [on("DCGM_FI_DEV_ROW_REMAP_FAILURE")]: "0 1x10" },
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
    series: { [on("DCGM_FI_DEV_UNCORRECTABLE_REMAPPED_ROWS")]: "4x60" },
    at: 60,
    fires: [],
  },
  {
    title: "a row that is replaced now raises an alert",
    alert: "GpuRowsRemapped",
    series: { [on("DCGM_FI_DEV_UNCORRECTABLE_REMAPPED_ROWS")]: "4x30 5x30" },
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
  {
    title: "a GPU at its power cap, an idle GPU and a braked GPU are not too hot",
    alert: "GpuTooHot",
    series: {
      [reasons]: "4x40",
      [on("DCGM_FI_DEV_CLOCKS_EVENT_REASONS", { gpu: "1" })]: "1x40",
      [on("DCGM_FI_DEV_CLOCKS_EVENT_REASONS", { gpu: "2" })]: "136x40",
    },
    at: 40,
    fires: [],
  },
  {
    title: "a few minutes of heat raise no alert",
    alert: "GpuTooHot",
    series: { [reasons]: "0x20 64x4 0x20" },
    at: 30,
    fires: [],
  },
  {
    title: "a slowdown by heat in software raises an alert, even with other reasons",
    alert: "GpuTooHot",
    series: { [reasons]: "36x40" },
    at: 40,
    fires: hot,
  },
  {
    title: "a slowdown by heat in hardware raises an alert; it also sets the bit of any slowdown",
    alert: "GpuTooHot",
    series: { [reasons]: "72x40" },
    at: 40,
    fires: hot,
  },
  {
    title: "a slowdown by heat in two of three minutes raises an alert",
    alert: "GpuTooHot",
    series: { [reasons]: "64 64 4 64 64 4 64 64 4 64 64 4 64 64 4 64 64 4 64 64 4 64 64 4 64 64 4 64 64 4" },
    at: 29,
    fires: hot,
  },
  {
    title: "a GPU that is slowed only by heat is not braked",
    alert: "GpuPowerBrake",
    series: { [reasons]: "72x40" },
    at: 40,
    fires: [],
  },
  {
    title: "a GPU that its machine brakes raises an alert",
    alert: "GpuPowerBrake",
    series: { [reasons]: "136x40" },
    at: 40,
    fires: [
      {
        labels: { ...gpu, severity: "warning" },
        says: [
          "GPU 0 of node-a is slowed by its machine's power supply",
          "NVIDIA L4 GPU-1 ran slower for most of 15 minutes, because its machine limits its power.",
        ],
      },
    ],
  },
  {
    title: "no alert if a tenth of the memory is free, or if no pod uses the GPU",
    alert: "GpuMemoryNearlyFull",
    series: {
      [used]: "90x30",
      [free]: "10x30",
      [on("DCGM_FI_DEV_FB_USED", { gpu: "1" })]: "99x30",
      [on("DCGM_FI_DEV_FB_FREE", { gpu: "1" })]: "1x30",
    },
    at: 30,
    fires: [],
  },
  {
    title: "a GPU that is nearly full for 15 minutes raises an alert with its pod",
    alert: "GpuMemoryNearlyFull",
    series: { [used]: "96x30", [free]: "4x30" },
    at: 20,
    fires: [
      {
        labels: { ...gpu, ...pod, severity: "info" },
        says: [
          "production/pushback-7d has little memory left on its GPU",
          "96% of the memory of GPU 0 of node-a has been taken for 15 minutes.",
        ],
      },
    ],
  },
  {
    title: "a GPU that was used three hours ago, or has no pod, is not idle",
    alert: "GpuIdle",
    series: {
      [engine]: "0x180 0.4 0x220",
      [on("DCGM_FI_PROF_GR_ENGINE_ACTIVE", { gpu: "1", UUID: "GPU-2" })]: "0x400",
    },
    at: 365,
    fires: [],
  },
  {
    title: "a pod that does not use its GPU for six hours raises an alert",
    alert: "GpuIdle",
    series: { [engine]: "0x400", [util]: "0x400" },
    at: 365,
    fires: idle,
  },
  {
    title:
      "of two instances of MIG, which have no field of use but that of the engine, the one that does nothing",
    alert: "GpuIdle",
    series: {
      [on("DCGM_FI_PROF_GR_ENGINE_ACTIVE", { ...pod, GPU_I_ID: "3" })]: "0x400",
      [on("DCGM_FI_PROF_GR_ENGINE_ACTIVE", { ...pod, pod: "busy", GPU_I_ID: "4" })]: "0.6x400",
    },
    at: 365,
    fires: [{ labels: { ...gpu, ...pod, GPU_I_ID: "3", severity: "info" }, says: idleSays }],
  },
  {
    title: "a GPU without the PROF fields is idle by its utilization",
    alert: "GpuIdle",
    series: { [util]: "0x400" },
    at: 365,
    fires: idle,
  },
  {
    title: "a GPU without the PROF fields and with little use is not idle",
    alert: "GpuIdle",
    series: { [util]: "1x400" },
    at: 365,
    fires: [],
  },
];

test("every alert fires in one case and stays silent in another", () => {
  expect(untried(groups, cases)).toEqual([]);
});

test.each(cases)("$title", async (one) => {
  expect(await tryCase(folder, one)).toContain("SUCCESS");
});

test("promtool accepts the rules", async () => {
  expect(await promtool("check", "rules", join(folder, "rules.yml"))).toContain("8 rules found");
});
