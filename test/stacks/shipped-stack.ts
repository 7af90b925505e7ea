import { readFile } from "node:fs/promises";
import { isMap, parseDocument } from "yaml";
import { workloadModels } from "../../stacks/config/workload-models.ts";

/** The workload of the shipped stacks. A checkout has more, and services of them: what a team adds fails no test. */
const SHIPPED_WORKLOAD = "flight-delays";

/** Returns the text of `Pulumi.<name>.yaml` without the services of other workloads. */
export async function shippedStack(name: string): Promise<string> {
  const text = await readFile(new URL(`../../Pulumi.${name}.yaml`, import.meta.url), "utf8");
  return withoutAddedServices(text);
}

/** Returns the text of a stack file without the services of workloads that are not shipped. */
export function withoutAddedServices(text: string): string {
  const document = parseDocument(text);
  const environments: unknown = document.getIn(["config", "slipway:environments"]);
  const added = entriesOf(environments).flatMap(([environment, settings]) =>
    entriesOf(isMap(settings) ? settings.get("services") : undefined)
      .filter(([, service]) => isMap(service) && service.get("workload") !== SHIPPED_WORKLOAD)
      .map(([service]) => ["config", "slipway:environments", environment, "services", service]),
  );
  if (added.length === 0) return text;
  for (const path of added) document.deleteIn(path);
  return document.toString({ lineWidth: 0 });
}

function entriesOf(map: unknown): [string, unknown][] {
  return isMap(map) ? map.items.map(({ key, value }) => [String(key), value]) : [];
}

/** The shipped workload with its models. */
export const shippedWorkloads = new Map(
  [...(await workloadModels())].filter(([name]) => name === SHIPPED_WORKLOAD),
);
