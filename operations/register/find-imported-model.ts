import { toFeature, REQUEST_VIEW } from "../../runtime/contract/feature-view.ts";
import type { Feature } from "../../runtime/contract/feature.ts";
import { didYouMean } from "../../runtime/contract/issues/did-you-mean.ts";
import type { ModelDefinition } from "../../runtime/contract/model-definition.ts";
import type { Workload } from "../../runtime/contract/workload.ts";
import { loadWorkload, workloadNames } from "../../workloads/catalog.ts";
import { WrongRequest } from "../wrong-request.ts";

export interface ImportedModel {
  workload: Workload;
  definition: ModelDefinition;
  /** Its columns, in their order. */
  features: Feature[];
}

/**
 * Returns the definition of a model whose file is registered. Throws a WrongRequest if there is none, if several workloads have one of
 * this name, or if a trainer makes it.
 *
 * @param workloads - workloads of the checkout. @default - all
 */
export async function findImportedModel(
  { model, workload }: { model: string; workload?: string | undefined },
  workloads?: readonly Workload[],
): Promise<ImportedModel> {
  const all = workloads ?? (await Promise.all((await workloadNames()).map(loadWorkload)));
  const names = all.map(({ name }) => name);
  if (workload !== undefined && !names.includes(workload))
    throw new WrongRequest(
      `--workload ${workload}: must be one of ${names.join(", ") || "none"}, got ${workload}${didYouMean(workload, names)}`,
    );
  const searched = all.filter(({ name }) => workload === undefined || name === workload);
  const found = searched.filter(({ models }) => models.some(({ name }) => name === model));
  const [first, ...others] = found;
  const known = searched.flatMap(({ models }) => models.map(({ name }) => name));
  if (first === undefined)
    throw new WrongRequest(
      `--model ${model}: no workload has such a model${didYouMean(model, known)} (models: ${known.join(", ") || "none"}); write it with trainer: { kind: "import" } into workloads/NAME/workload.ts`,
    );
  if (others.length > 0)
    throw new WrongRequest(
      `--model ${model}: ${found.map(({ name }) => name).join(" and ")} have a model of this name; name one with --workload`,
    );
  const definition = first.models.find(({ name }) => name === model)!;
  if (definition.trainer.kind !== "import")
    throw new WrongRequest(
      `--model ${model}: its trainer must be { kind: "import" }, got ${definition.trainer.kind}, which trains it; change it in the definition, or register the file for another model`,
    );
  return { workload: first, definition, features: featuresOf(first, definition) };
}

/** Returns the columns of a model: those of its request, then those of its views. */
function featuresOf({ views }: Workload, { request, views: used }: ModelDefinition): Feature[] {
  return [
    ...request.map((column) => toFeature(column, REQUEST_VIEW)),
    ...used.flatMap((name) =>
      (views.find((view) => view.name === name)?.features ?? []).map((column) => toFeature(column, name)),
    ),
  ];
}
