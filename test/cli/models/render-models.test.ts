import { expect, it } from "vitest";
import { renderModels, renderRemoval } from "../../../cli/models/render-models.ts";
import type { ModelVersion } from "../../../operations/models/list-models.ts";

const version: ModelVersion = {
  workload: "loans",
  model: "repaid",
  digest: `sha256:${"a".repeat(64)}`,
  tags: ["champion"],
  usedBy: ["production/repaid"],
  metric: { name: "rmse", value: 12.5 },
  codeRevision: "1234567890".repeat(4),
  made: null,
  bytes: 2048,
};

it("a version has its tags, its metric, its users and its size", () => {
  expect(renderModels([version])).toMatch(
    /repaid +loans +aaaaaaaaaaaa +champion +rmse 12.5000 +production\/repaid +1234567 +2.0 KiB/,
  );
  expect(renderModels([{ ...version, usedBy: null, metric: null, codeRevision: null }])).toMatch(
    /champion +- +\? +- +2/,
  );
  expect(renderModels([{ ...version, made: "2026-01-01T00:00:00Z" }])).toContain("2026-01-01T00:00:00Z");
  expect(renderModels([])).toContain("no model: npm run train");
});

it("a removal says what it removes, and how much", () => {
  const item = {
    reference: "",
    repository: "loans/repaid/model",
    digest: version.digest,
    kind: "model" as const,
    tags: [],
    bytes: 3 * 1024 ** 2,
    madeFrom: [],
  };
  expect(renderRemoval({ remove: [item], bytes: item.bytes })).toMatch(
    /loans\/repaid\/model +aaaaaaaaaaaa +3.0 MiB[^]*1 artifacts, 3.0 MiB; the registry frees/,
  );
  expect(renderRemoval({ remove: [], bytes: 0 })).toMatch(/^nothing to remove/);
});
