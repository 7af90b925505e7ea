import { expect } from "vitest";
import { checkStackFile, type StackFileOptions } from "../../../stacks/config/check-stack-file.ts";
import { formatProblem } from "../../../stacks/config/config-problem.ts";
import { shippedStack, shippedWorkloads as workloads } from "../shipped-stack.ts";

export const file = "Pulumi.dev.yaml";
/** Text of Pulumi.dev.yaml, as shipped. */
export const dev = await shippedStack("dev");

type Edit = [from: string | RegExp, to: string];
/** Returns Pulumi.dev.yaml after edits. */
export function devWith(...edits: Edit[]): string {
  return edits.reduce((text, [from, to]) => {
    const changed = text.replace(from, to);
    expect(changed, `${String(from)} is in the file`).not.toBe(text);
    return changed;
  }, dev);
}

/** Path of the service of the environment production. */
export const SERVICE = "slipway:environments.production.services.pushback";

/** Returns Pulumi.dev.yaml with other text in place of `replicas: 1` of the environment production, which is the last one of the file. */
export function productionWith(to: string): string {
  return devWith([/(production:[\s\S]*?)replicas: 1/, `$1${to}`]);
}

/** Checks the text of a stack file. Returns its problems and warnings as a person reads them. */
export function check(
  text: string,
  more: Partial<StackFileOptions> = {},
): { problems: string[]; warnings: string[] } {
  const { problems, warnings } = checkStackFile({ file, text, workloads, ...more });
  return {
    problems: problems.map((problem) => formatProblem(problem, file)),
    warnings: warnings.map((warning) => formatProblem(warning, file)),
  };
}
