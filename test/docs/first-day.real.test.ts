import { resolve } from "node:path";
import { expect, test } from "vitest";
import { estimateStack } from "../../cli/preview/estimate-stack.ts";
import { planStack } from "../../cli/preview/plan-stack.ts";
import { stackNeeds } from "../../cli/preview/stack-needs.ts";
import { firstDayMarkdown } from "../../cost/format/first-day.ts";

const root = resolve(import.meta.dirname, "../..");
/** The shipped platforms of the clouds, each with its foundation, as `npm run preview -- --stack STACK --offline` plans them from nothing. */
const STACKS = ["prod", "prod-gcp", "prod-azure"];

// `npx vitest run --project real test/docs/first-day.real.test.ts -u` writes the page again.
test("the page has the cost of the first day that the estimator finds", async () => {
  const stacks = [];
  for (const name of STACKS) {
    const steps = [];
    for (const layer of [`${name}-foundation`, name]) {
      const plan = await planStack(await stackNeeds(root, layer), {
        projectDir: root,
        backendDir: undefined,
        passphrase: undefined,
        policies: false,
      });
      steps.push(...plan.steps);
    }
    stacks.push({ name, estimate: estimateStack(steps, false, root).now });
  }
  const page = `# The cost of the first day

What each of the shipped platforms costs with its foundation in its first 24 hours, in US dollars, in its region and with the pools of its file at their initial
size. A test writes this page from the [estimator](cost.md), whose assumptions and approximate prices it has; your own figures are at the
end of \`npm run preview -- --stack STACK\`, for each of the two stacks. Spot GPU pools start empty.

${firstDayMarkdown(stacks)}

Not in it: traffic to the internet and between zones, support plans, taxes, and what has no price in a preview. Clouds bill some
resources for a whole month or hour at once, such as zones of DNS.
`;
  await expect(page).toMatchFileSnapshot(resolve(root, "docs/first-day.md"));
}, 300_000);
