import { defineConfig } from "vitest/config";

// Tests load onnxruntime in threads of this process, whose environment the library reads.
process.env["ORT_DISABLE_TELEMETRY"] = "1";

/** The walk of one cloud is part of `e2e`; the others take as long again each. */
const AWS_WALK = "test/e2e/cloud-walk/aws-walk.test.ts";
const OTHER_WALKS = ["test/e2e/cloud-walk/gcp-walk.test.ts", "test/e2e/cloud-walk/azure-walk.test.ts"];

/** `unit` needs nothing but node; `real` starts real programs (Redis, LightGBM, promtool); so does `long`, with large ones (MinIO, Azurite, MariaDB, TensorFlow); `e2e` needs root and starts the cluster; so do `clouds`, and `conformance`, which builds Pulumi's own engine. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          include: ["test/**/*.test.ts"],
          exclude: ["test/**/*.{real,long}.test.ts", "test/e2e/**", "test/conformance/**"],
          pool: "threads",
          globalSetup: ["test/temporary-folders.ts"],
          isolate: false, // they share no state, and one start of the modules instead of 84 halves the time
          testTimeout: 60_000, // machines of CI are shared: a limit finds what hangs, not what is slow
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: "real",
          include: ["test/**/*.real.test.ts"],
          exclude: ["test/e2e/**"],
          pool: "forks",
          fileParallelism: false, // each starts programs that want both cores
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
      {
        test: {
          name: "long",
          include: ["test/**/*.long.test.ts"],
          pool: "forks",
          fileParallelism: false,
          testTimeout: 300_000,
          hookTimeout: 1_800_000, // the first run builds MinIO
        },
      },
      {
        test: {
          name: "e2e",
          include: ["test/e2e/**/*.test.ts"],
          exclude: OTHER_WALKS,
          pool: "forks",
          fileParallelism: false,
          testTimeout: 3_000_000,
          hookTimeout: 3_000_000,
        },
      },
      {
        test: {
          name: "clouds",
          include: [AWS_WALK, ...OTHER_WALKS],
          pool: "forks",
          fileParallelism: false,
          testTimeout: 3_000_000,
          hookTimeout: 3_000_000,
        },
      },
      {
        test: {
          name: "conformance",
          include: ["test/conformance/**/*.test.ts"],
          pool: "forks",
          fileParallelism: false,
          testTimeout: 600_000,
          hookTimeout: 3_600_000, // the first run builds Pulumi
        },
      },
    ],
  },
});
