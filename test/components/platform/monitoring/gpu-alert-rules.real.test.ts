import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { stringify } from "yaml";
import { gpuAlertRules } from "../../../../components/platform/monitoring/gpu-alert-rules.ts";
import { gpuFaultCases } from "./gpu-fault-cases.ts";
import { gpuUseCases } from "./gpu-use-cases.ts";
import { promtool, tryCase, untried } from "./promtool.ts";

const groups = [gpuAlertRules()];

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "slipway-gpu-rules-"));
  await writeFile(join(folder, "rules.yml"), stringify({ groups }, { lineWidth: 0 }));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const cases = [...gpuFaultCases, ...gpuUseCases];

test("every alert fires in one case and stays silent in another", () => {
  expect(untried(groups, cases)).toEqual([]);
});

test.each(cases)("$title", async (one) => {
  expect(await tryCase(folder, one)).toContain("SUCCESS");
});

test("promtool accepts the rules", async () => {
  expect(await promtool("check", "rules", join(folder, "rules.yml"))).toContain("8 rules found");
});
