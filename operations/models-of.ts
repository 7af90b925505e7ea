import { didYouMean } from "../runtime/contract/issues/did-you-mean.ts";
import { BrokenWorkload } from "../workloads/broken-workload.ts";
import { loadWorkload } from "../workloads/catalog.ts";
import { WrongRequest } from "./wrong-request.ts";

/**
 * Returns the models of each workload: all of them, or with `model` that one alone. A workload with a broken definition is left out. Throws
 * a WrongRequest where the stack has no workload, or no such model, and BrokenWorkload where nothing else is left.
 */
export async function modelsOf(
  workloads: readonly string[],
  { stack, model }: { stack: string; model?: string | undefined },
): Promise<Map<string, string[]>> {
  if (workloads.length === 0)
    throw new WrongRequest(
      `stack ${stack} has no workloads: name one in a service of Pulumi.${stack}.yaml (slipway:environments), then run npm run up`,
    );
  const broken: BrokenWorkload[] = [];
  const loaded = await Promise.all(
    workloads.map(async (name) => {
      try {
        return [[name, (await loadWorkload(name)).models.map((each) => each.name)] as const];
      } catch (error) {
        if (!(error instanceof BrokenWorkload)) throw error;
        broken.push(error);
        return [];
      }
    }),
  );
  const all = loaded.flat();
  const wanted = all
    .map(([name, models]) => [name, models.filter((each) => model === undefined || each === model)] as const)
    .filter(([, models]) => models.length > 0);
  if (wanted.length === 0) {
    // The model may be one of theirs.
    const [own = undefined] = broken;
    if (own !== undefined) throw own;
    const known = all.flatMap(([, models]) => models);
    throw new WrongRequest(
      `--model ${model ?? ""}: stack ${stack} has no such model${didYouMean(model ?? "", known)} (models: ${known.join(", ") || "none"})`,
    );
  }
  return new Map(wanted.map(([name, models]) => [name, [...models]]));
}
