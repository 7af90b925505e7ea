import { expect, it } from "vitest";
import { cloudHint } from "../../cli/cloud-hint.ts";

it.each([
  [["dev", "prod", "prod-foundation"], "for a cloud: npm run preview -- --stack prod"],
  [["acme", "dev"], "for a cloud: npm run preview -- --stack acme"],
  [["dev"], undefined],
])("names a stack of a cloud among %j", (stacks, hint) => {
  expect(cloudHint("preview", { local: "dev", stacks })).toBe(hint);
});
