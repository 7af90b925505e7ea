import { describe, expect, it } from "vitest";
import { workloadProblems } from "../../../runtime/contract/check-workload.ts";
import type { ModelDefinition, Workload } from "../../../runtime/contract/workload.ts";
import { loadWorkload, WORKLOAD_NAMES } from "../../../workloads/catalog.ts";
import { flightDelays } from "../../../workloads/flight-delays/workload.ts";

const model = flightDelays.models[0]!;
const withModel = (changes: Partial<ModelDefinition>): Workload => ({
  ...flightDelays,
  models: [{ ...model, ...changes }],
});

describe("the definitions of a workload", () => {
  it.each(WORKLOAD_NAMES)("keep the rules: %s", async (name) => {
    expect(workloadProblems(await loadWorkload(name))).toEqual([]);
  });

  it.each(["temp[C]", "a,b", "x:y", 'a"b', "1st", ""])(
    "have no feature named %j, which trainers refuse",
    (name) => {
      expect(workloadProblems(withModel({ request: [{ name, kind: "numeric" }] }))).toEqual([
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
      `table flights: key must be of ${flightDelays.tables[0]!.columns.map(({ name }) => name).join(", ")}, got id`,
    ],
  ])("are refused with %s", (_, workload, problem) => {
    expect(workloadProblems(workload)).toContain(problem);
  });
});
