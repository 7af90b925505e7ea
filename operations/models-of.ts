import { loadWorkload } from "../workloads/catalog.ts";

/** Workload → its models, or the one that is asked for. Throws where the stack has none, or not that one. */
export async function modelsOf(
  workloads: readonly string[],
  { stack, model }: { stack: string; model?: string | undefined },
): Promise<Map<string, string[]>> {
  if (workloads.length === 0)
    throw new Error(
      `stack ${stack} has no workloads: name one in a service of Pulumi.${stack}.yaml (slipway:environments), then run npm run up`,
    );
  const all = await Promise.all(
    workloads.map(
      async (name) => [name, (await loadWorkload(name)).models.map((each) => each.name)] as const,
    ),
  );
  const wanted = all
    .map(([name, models]) => [name, models.filter((each) => model === undefined || each === model)] as const)
    .filter(([, models]) => models.length > 0);
  if (wanted.length === 0)
    throw new Error(
      `--model ${model ?? ""}: stack ${stack} has the models ${all.flatMap(([, models]) => models).join(", ") || "none"}`,
    );
  return new Map(wanted.map(([name, models]) => [name, [...models]]));
}
