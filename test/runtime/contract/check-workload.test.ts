import { describe, expect, it } from "vitest";
import { parseWorkload } from "../../../runtime/contract/check-workload.ts";
import type { ModelDefinition } from "../../../runtime/contract/model-definition.ts";
import type { Workload } from "../../../runtime/contract/workload.ts";
import { flightDelays, pushbackTrainer } from "../support/flight-delays.ts";

const model = flightDelays.models[0]!;
const withModel = (changes: Partial<ModelDefinition>): Workload => ({
  ...flightDelays,
  models: [{ ...model, ...changes }],
});

const problemsOf = (definition: unknown): string[] => {
  const parsed = parseWorkload(definition);
  return "problems" in parsed ? parsed.problems : [];
};

describe("the definitions of a workload", () => {
  it("keep the rules in the example", () => {
    expect(parseWorkload(flightDelays)).toEqual({ workload: flightDelays });
  });

  it.each(["temp[C]", "a,b", "x:y", 'a"b', "1st", ""])(
    "have no feature named %j, which trainers refuse",
    (name) => {
      expect(problemsOf(withModel({ request: [{ name, kind: "numeric" }] }))).toEqual([
        `model pushback: feature ${JSON.stringify(name)} must be named by letters, digits and _, a letter first`,
      ]);
    },
  );

  it.each<[string, Workload, string]>([
    [
      "a model of an unknown view",
      withModel({ views: ["weather"] }),
      "model pushback: views must be of origin-weather, plane, origin-delays, plane-leg, got weather",
    ],
    [
      "two features of one name",
      withModel({ request: [...model.request, { name: "distance", kind: "numeric" }] }),
      "model pushback: feature distance is there twice",
    ],
    [
      "no feature at all",
      withModel({ request: [], views: [] }),
      "model pushback: must have a feature, of the request or of a view",
    ],
    [
      "a gate on a column that is no segment",
      withModel({ segments: ["carrier"] }),
      "model pushback: gate must be of carrier, got origin",
    ],
    [
      "a gate on a metric of another task",
      withModel({ gate: { checks: [{ metric: "rmse", max: 1 }] } }),
      "model pushback: gate: metric must be of auc, averagePrecision, logLoss, brier, calibrationError, f1, precision, recall, got rmse",
    ],
    [
      "a gate without a limit",
      withModel({ gate: { checks: [{ metric: "auc" }] } }),
      "model pushback: gate: auc must have either min or max",
    ],
    [
      "a comparison with the champion by a metric that there is not",
      withModel({ gate: { ...model.gate, notWorseThanChampion: { metric: "rmse", by: "dest" } } }),
      "model pushback: gate must be of carrier, origin, got dest",
    ],
    [
      "a rule for the threshold of a task without one",
      withModel({ task: { kind: "regression" }, threshold: { recall: 0.9 } }),
      "model pushback: threshold is of a binary task, got the task regression; leave it out",
    ],
    [
      "a category that lists none",
      withModel({ request: [{ name: "x", kind: "categorical" }] }),
      "model pushback: x must list its categories",
    ],
    [
      "a category with limits",
      withModel({ request: [{ name: "x", kind: "categorical", categories: ["a"], max: 1 }] }),
      "model pushback: x must be numeric to have min or max",
    ],
    [
      "limits that no number keeps",
      withModel({ request: [{ name: "x", kind: "numeric", min: 2, max: 1 }] }),
      "model pushback: x: min must be at most max, 1, got 2",
    ],
    [
      "a key that is no column",
      {
        ...flightDelays,
        tables: [{ ...flightDelays.tables[0]!, key: ["id"] }, ...flightDelays.tables.slice(1)],
      },
      `table flights: key must be of ${flightDelays.tables[0]!.columns!.map(({ name }) => name).join(", ")}, got id`,
    ],
  ])("are refused with %s", (_, workload, problem) => {
    expect(problemsOf(workload)).toContain(problem);
  });

  it.each<[string, object, string]>([
    [
      "a key that there is not",
      { ...flightDelays, modles: [] },
      "modles: no such key; did you mean models? (known: ",
    ],
    [
      "a name that is not in kebab case",
      { ...flightDelays, name: "Loans" },
      'name: must be in kebab case, such as flight-delays, got "Loans"',
    ],
    [
      "a rule for the threshold that there is not",
      { ...flightDelays, models: [{ ...model, threshold: { accuracy: 0.9 } }] },
      "models.pushback.threshold: must be a number from 0 to 1, { cost: { falsePositive: 1, falseNegative: 5 } }, { precision: 0.9 }",
    ],
    [
      "a margin below 0",
      withModel({
        gate: { checks: [{ metric: "auc", min: 0.8 }], notWorseThanChampion: { metric: "auc", margin: -1 } },
      }),
      "models.pushback.gate.notWorseThanChampion.margin: must be at least 0, got -1",
    ],
    [
      "a threshold over 1",
      withModel({ threshold: 90 }),
      "models.pushback.threshold: must be at most 1, got 90",
    ],
    [
      "a parameter of a wrong type",
      withModel({ trainer: { ...pushbackTrainer, trees: "many" as never } }),
      'models.pushback.trainer.trees: must be a number, got "many"',
    ],
    [
      "a key of a feature that there is not",
      withModel({ request: [{ name: "x", kind: "numeric", minimum: 1 } as never] }),
      "models.pushback.request.x.minimum: no such key (known: categories, ",
    ],
    ["a part that is missing", { ...flightDelays, tables: undefined }, "tables: must be a list, got nothing"],
  ])("are refused with %s, by the field, the rule and the value", (_, definition, problem) => {
    expect(problemsOf(definition).join("\n")).toContain(problem);
  });
});
