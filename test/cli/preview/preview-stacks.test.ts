import { expect, it } from "vitest";
import { whyNoState } from "../../../cli/preview/preview-stacks.ts";

it.each([
  ["file:///nonexistent", "there is no state here"],
  ["s3://acme-state", "only the pulumi CLI reads the state in s3://acme-state"],
])("says why a stack with the backend %s has no state to compare with", (url, why) => {
  expect(whyNoState({ PULUMI_BACKEND_URL: url })).toBe(why);
});
