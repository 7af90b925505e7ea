import { revealed } from "../components/platform/serving/model.ts";
import { stackWithOutputs } from "./stack.ts";
import { next, stable, TARGET_ENVIRONMENTS, TARGETS, type TargetStack } from "./target-environments.ts";

/** Returns the config of the stack's environments with services on every target of its cloud; `text` may change its JSON. */
export const environments = (
  name: TargetStack,
  text = (whole: string) => whole,
): Record<string, unknown> => ({
  "slipway:environments": JSON.parse(text(JSON.stringify(TARGET_ENVIRONMENTS[name]))) as unknown,
});

/** Returns a stack with services on every target of its cloud, on a foundation that is prepared for them. `cloud` changes its config. */
export async function targetStack(
  name: TargetStack,
  text?: (whole: string) => string,
  cloud: Record<string, unknown> = {},
): ReturnType<typeof stackWithOutputs> {
  return stackWithOutputs(name, environments(name, text), { cloud: { targets: TARGETS[name], ...cloud } });
}

/** References of the models that services and canaries serve. */
export const model = `flight-delays/pushback/model@${stable}`;
export const nextModel = `flight-delays/pushback/model@${next}`;

/** Environment variables in their list form, secrets shown. */
export function variables(list: unknown): Record<string, unknown> {
  const all = revealed(list) as { name: string; value?: unknown }[];
  return Object.fromEntries(all.map(({ name, value }) => [name, value]));
}
