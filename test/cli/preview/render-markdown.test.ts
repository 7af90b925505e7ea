import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { codeBlock } from "../../../cli/preview/code-block.ts";
import { escapeMarkdown } from "../../../cost/format/escape-markdown.ts";
import { COMMENT_LIMIT, COMMENT_MARKER, renderMarkdown } from "../../../cli/preview/render-markdown.ts";
import { buildReport, type PreviewReport } from "../../../cli/preview/report.ts";
import { ABOUT, examplePlan, plan, step, urnOf } from "./plan.ts";

const report = buildReport(examplePlan(), ABOUT);

/** A report with as many updated services, each with as many changed properties, and as many lost buckets. */
function large(services: number, properties: number, buckets: number): PreviewReport {
  const paths = Array.from({ length: properties }, (_, i) => `spec.field${i}`);
  const steps = Array.from({ length: services }, (_, i) => [
    step("same", "slipway:serving:InferenceService", `service-${i}`, { old: {}, new: {} }),
    step("update", "kubernetes:apps/v1:Deployment", `service-${i}-deployment`, {
      parent: urnOf("slipway:serving:InferenceService", `service-${i}`),
      old: {},
      new: { spec: Object.fromEntries(paths.map((path) => [path.slice(5), "x".repeat(60)])) },
      detailedDiff: Object.fromEntries(paths.map((path) => [path, { kind: "add", inputDiff: true }])),
    }),
  ]).flat();
  const lost = Array.from({ length: buckets }, (_, i) =>
    step("delete", "aws:s3/bucket:Bucket", `bucket-${i}`, { old: {} }),
  );
  const policy: PreviewReport["policy"] = {
    packs: [{ name: "slipway", version: "1.0.0", policies: ["no-public"] }],
    violations: [
      {
        pack: "slipway",
        packVersion: "1.0.0",
        policy: "no-public",
        enforcement: "mandatory",
        message: "is public",
      },
    ],
  };
  return buildReport(plan([...steps, ...lost]), { ...ABOUT, policy });
}

it("has the warnings of a report, and information where there is room", () => {
  const diagnostics = [
    { severity: "warning" as const, message: "slipwy:drift: is a key of another namespace" },
    { severity: "info" as const, message: "no model yet" },
    { severity: "error" as const, message: "an error is among the failures" },
  ];
  const text = renderMarkdown([buildReport(plan([], { diagnostics }), ABOUT)]);
  expect(text).toContain("- **warning** slipwy:drift: is a key of another namespace");
  expect(text).toContain("- **info** no model yet");
  expect(text).not.toContain("among the failures");
});

describe("renderMarkdown", () => {
  it("joins stacks in one comment that a later run finds again", () => {
    const text = renderMarkdown([report], [{ stack: "dev", because: "needs a file" }]);
    expect(text.startsWith(COMMENT_MARKER)).toBe(true);
    expect(text).toContain(
      "| **prod** | 1 to create, 1 to update, 1 to replace, 1 to delete, 2 unchanged — ⚠️ **2 data losses** | – | – |",
    );
    expect(text).toContain("> - delete of aws:rds/instance:Instance ledger loses a database");
    expect(text).toContain(
      '-     bucket: "a"  (forces replacement)\n+     bucket: "b"  (forces replacement)',
    );
    expect(text).toContain("**dev** was left out: needs a file");
  });

  it("shows a warning as the verdict where the policies only advise", () => {
    const [pack, packVersion] = ["slipway", "1.0.0"];
    const policy = "platform-cost-known";
    const withPolicy = (...advice: string[]): string =>
      renderMarkdown([
        buildReport(plan([]), {
          ...ABOUT,
          policy: {
            packs: [{ name: pack, version: packVersion, policies: [policy] }],
            violations: advice.map((message) => ({
              ...{ pack, packVersion, policy, enforcement: "advisory" as const, message },
            })),
          },
        }),
      ]);
    const warned = withPolicy("the nodes have no price");
    expect(warned).toContain("| ⚠️ policy passed: 1 policy, 1 advisory violation |");
    expect(warned).toContain("- **advisory** platform-cost-known: the nodes have no price");
    expect(withPolicy()).toContain("| ✅ policy passed: 1 policy |");
  });

  it("leaves out properties first, then idle groups, then groups, and says where all of it is", () => {
    const properties = renderMarkdown([large(50, 30, 0)]);
    expect(properties).toContain("service-49-deployment");
    expect(properties).not.toContain("spec.field0");
    expect(properties).toContain("Too long for a comment: the summary of the job has all of it.");
    expect(renderMarkdown([large(3, 2, 0)])).toContain("spec.field0");
    expect(renderMarkdown([large(2000, 0, 0)])).not.toContain("service-1-deployment");
  });

  it("keeps totals, the policy verdict and every loss however large the change is", () => {
    fc.assert(
      fc.property(fc.nat(1500), fc.nat(20), fc.nat(300), (services, properties, buckets) => {
        const text = renderMarkdown([large(services, properties, buckets)]);
        expect(Buffer.byteLength(text)).toBeLessThanOrEqual(COMMENT_LIMIT);
        expect(text).toContain("policy failed: 1 mandatory violation");
        if (services > 0) expect(text).toContain(`${services} to update`);
        for (let i = 0; i < buckets; i++) expect(text).toContain(`bucket-${i} loses`);
      }),
      { numRuns: 15 },
    );
  });

  it("never grows past the limit, and tells how many losses there are where not all fit", () => {
    const text = renderMarkdown([large(0, 0, 3000)]);
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(COMMENT_LIMIT);
    expect(text).toContain("3000 data losses");
  });
});

describe("escapeMarkdown", () => {
  it("shows text as it is: no table, markup, HTML, mention or link comes of it", () => {
    expect(escapeMarkdown("a|b `c` <img src=x> @team #1 **x** [l](u)\nnext")).toBe(
      "a&#124;b &#96;c&#96; &lt;img src=x&gt; @\u2060team &#35;1 &#42;&#42;x&#42;&#42; &#91;l&#93;(u) next",
    );
    expect(escapeMarkdown("https://x.example")).not.toContain("https:");
  });

  it("leaves no character of markup open, for any text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(escapeMarkdown(text).replace(/&(#\d+|amp|lt|gt);/g, "")).not.toMatch(
          /[<>`|*_[\]~\n]|@(?!\u2060)/,
        );
      }),
    );
  });

  it("fences a block with more backticks than it has", () => {
    expect(codeBlock(["a", "```"], "diff")).toBe("````diff\na\n```\n````");
  });
});
