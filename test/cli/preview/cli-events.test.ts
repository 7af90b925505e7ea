import type { EngineEvent } from "@pulumi/pulumi/automation/index.js";
import { expect, it } from "vitest";
import { planFromEvents } from "../../../cli/preview/cli-events.ts";
import { buildReport } from "../../../cli/preview/report.ts";
import { ABOUT, STACK, urnOf } from "./plan.ts";

const urn = urnOf("aws:s3/bucket:Bucket", "b");
const state = (bucket: string) => ({
  type: "aws:s3/bucket:Bucket",
  urn,
  id: "b",
  parent: STACK,
  provider: "",
  inputs: { bucket },
  outputs: {},
});
const metadata = {
  urn,
  type: "aws:s3/bucket:Bucket",
  provider: "urn:p::id",
  old: state("a"),
  new: state("b"),
  keys: ["bucket"],
  detailedDiff: { bucket: { diffKind: "update-replace", inputDiff: true } },
};
const events = [
  { resourcePreEvent: { metadata: { ...metadata, op: "create-replacement" } } },
  { resourcePreEvent: { metadata: { ...metadata, op: "replace" } } },
  { resOutputsEvent: { metadata: { ...metadata, op: "replace" } } },
  { diagnosticEvent: { severity: "info#err", message: "<{%reset%}>hello<{%reset%}>", color: "" } },
  { diagnosticEvent: { severity: "error", message: "broken", urn, color: "" } },
  {
    policyEvent: {
      resourceUrn: urn,
      message: "<{%fg 1%}>is public",
      color: "",
      policyName: "no-public",
      policyPackName: "p",
      policyPackVersion: "1",
      policyPackVersionTag: "1",
      enforcementLevel: "mandatory",
    },
  },
  {
    summaryEvent: {
      maybeCorrupt: false,
      durationSeconds: 1,
      resourceChanges: {},
      PolicyPacks: { "p|local|/folder": "1", q: "2" },
    },
  },
] as unknown as EngineEvent[];

it("makes of the CLI's events what the offline engine's summary is", () => {
  const planned = planFromEvents(events, 10);
  expect(planned.counts).toMatchObject({ replace: 1, "create-replacement": 1, create: 0 });
  expect(planned.failed).toEqual([{ urn, reasons: ["broken"] }]);
  expect(planned.diagnostics).toMatchObject([{ severity: "info", message: "hello" }, { severity: "error" }]);
  expect(planned.policy).toMatchObject({
    packs: [{ name: "p" }, { name: "q" }],
    violations: [{ urn, enforcement: "mandatory", message: "is public" }],
  });
  const interrupted = planFromEvents(events.slice(0, -1), 10); // a plan that fails has no summary
  expect(interrupted.policy.packs).toMatchObject([{ name: "p", version: "1" }]);
  const report = buildReport(planned, ABOUT);
  expect(report.groups[0]?.changes).toMatchObject([
    {
      kind: "replace",
      loses: "the objects of a bucket",
      properties: [{ path: "bucket", old: { known: "a" }, new: { known: "b" } }],
    },
  ]);
});
