import { expect, it } from "vitest";
import { previewDigest } from "../../../cli/preview/preview-digest.ts";
import { ABOUT, examplePlan, plan, step, UNKNOWN } from "./plan.ts";

const digest = previewDigest(examplePlan(), ABOUT, { "slipway:x": "1" });

it("has the keys of the CLI's PreviewDigest, and every step its urn", () => {
  expect(Object.keys(digest)).toEqual(["config", "steps", "duration", "changeSummary", "slipway"]);
  expect(digest.steps?.every(({ urn }) => urn.startsWith("urn:pulumi:prod::"))).toBe(true);
  expect(digest.duration).toBe(1_234_500_000);
  expect(digest.changeSummary).toEqual({
    same: 2,
    create: 1,
    update: 1,
    delete: 1,
    replace: 1,
    "create-replacement": 1,
    "delete-replaced": 1,
  });
});

it("gives properties, not paths, as reasons; detailedDiff is null where there is none", () => {
  const byOp = (op: string) => digest.steps?.find((found) => found.op === op);
  expect(byOp("update")?.diffReasons).toEqual(["spec"]);
  expect(byOp("replace")?.replaceReasons).toEqual(["bucket"]);
  expect(byOp("create")).toMatchObject({ detailedDiff: null, newState: { inputs: { policy: UNKNOWN } } });
  expect(byOp("create")).not.toHaveProperty("diffReasons");
});

it("writes the unknown id of a planned provider as the CLI does", () => {
  const provider = "urn:pulumi:prod::slipway::pulumi:providers:aws::aws";
  const planned = plan([
    { ...step("create", "aws:iam/role:Role", "r", { new: {} }), provider: `${provider}::` },
  ]);
  expect(previewDigest(planned, ABOUT, {}).steps?.[0]?.provider).toBe(`${provider}::${UNKNOWN}`);
});
