import { expect, test } from "vitest";
import { targetSettings } from "../../../../runtime/serving/adapters/target-settings.ts";
import { ROW, tensor } from "./recorded-event.ts";
import { ENV, scored, servedTargets } from "./served-targets.ts";
import type { Target } from "./served-targets.ts";

const TARGETS: Target[] = ["sagemaker", "vertex", "azure-ml", "cloud-run", "azure-functions"];
const send = servedTargets(...TARGETS);

test.each<[Target, number]>([
  ["kubernetes", 8080],
  ["azure-ml", 8080],
  ["sagemaker", 8080],
  ["vertex", 8085],
  ["cloud-run", 8090],
  ["cloud-functions", 8090],
  ["azure-functions", 41234],
])("%s is asked on port %i", (target, port) => {
  expect(targetSettings(target, ENV).port).toBe(port);
});

test("a Functions host that names no port is refused", () => {
  expect(() => targetSettings("azure-functions", {})).toThrow("FUNCTIONS_CUSTOMHANDLER_PORT");
});

test.each(TARGETS)("%s keeps the server's own routes", async (target) => {
  expect((await send(target, "GET", "/v2/health/ready")).status).toBe(200);
  expect((await send(target, "POST", "/v2/models/tiny/infer", tensor(ROW))).json()).toEqual(scored());
  expect((await send(target, "POST", "/v2/models/other/infer", tensor(ROW))).status).toBe(404);
});
