import { gpu, ofGpu, pod } from "./gpu-series.ts";
import type { AlertCase } from "./promtool.ts";

const reasons = ofGpu("DCGM_FI_DEV_CLOCKS_EVENT_REASONS");
const used = ofGpu("DCGM_FI_DEV_FB_USED", pod);
const free = ofGpu("DCGM_FI_DEV_FB_FREE", pod);
const engine = ofGpu("DCGM_FI_PROF_GR_ENGINE_ACTIVE", pod);
const util = ofGpu("DCGM_FI_DEV_GPU_UTIL", pod);
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

/** Histories of GPUs that are slowed, nearly full or idle, and of others. */
export const gpuUseCases: AlertCase[] = [
  {
    title: "a GPU at its power cap, an idle GPU and a braked GPU are not too hot",
    alert: "GpuTooHot",
    series: {
      [reasons]: "4x40",
      [ofGpu("DCGM_FI_DEV_CLOCKS_EVENT_REASONS", { gpu: "1" })]: "1x40",
      [ofGpu("DCGM_FI_DEV_CLOCKS_EVENT_REASONS", { gpu: "2" })]: "136x40",
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
      [ofGpu("DCGM_FI_DEV_FB_USED", { gpu: "1" })]: "99x30",
      [ofGpu("DCGM_FI_DEV_FB_FREE", { gpu: "1" })]: "1x30",
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
      [ofGpu("DCGM_FI_PROF_GR_ENGINE_ACTIVE", { gpu: "1", UUID: "GPU-2" })]: "0x400",
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
      [ofGpu("DCGM_FI_PROF_GR_ENGINE_ACTIVE", { ...pod, GPU_I_ID: "3" })]: "0x400",
      [ofGpu("DCGM_FI_PROF_GR_ENGINE_ACTIVE", { ...pod, pod: "busy", GPU_I_ID: "4" })]: "0.6x400",
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
