import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { checkStackFile } from "../../../stacks/config/check-stack-file.ts";

const file = "Pulumi.dev.yaml";
const text = readFileSync(join(import.meta.dirname, "../../..", file), "utf8");

it("a service of a broken workload, whose models are not known, stays in the plan; one of no workload is refused", () => {
  const problems = (models: [string, undefined][]): string[] =>
    checkStackFile({ file, text, workloads: new Map(models), hasPulumiCli: true }).problems.map(
      ({ message }) => message,
    );
  expect(problems([["flight-delays", undefined]])).toEqual([]);
  expect(problems([["loans", undefined]])[0]).toContain("must be a workload of this checkout (loans)");
});
