import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../../../../../local/engine/providers/kubernetes/json-object.ts";
import { parseWaitFor } from "../../../../../../local/engine/providers/kubernetes/await/wait-for.ts";

const object: JsonObject = {
  spec: { replicas: 3 },
  status: {
    phase: "Running",
    ready: false,
    conditions: [
      { type: "Healthy", status: "True" },
      { type: "Paused", status: "False", message: "no" },
    ],
    items: [{ name: "a", ok: "yes" }],
    "dotted.key": "v",
  },
};

describe("pulumi.com/waitFor", () => {
  it.each([
    ["condition=Healthy", "ready"],
    ["condition=healthy=True", "waiting"],
    ["condition=Paused=False", "ready"],
    ["condition=Paused", "waiting"],
    ["jsonpath={.status.phase}=Running", "ready"],
    ["jsonpath={.status.phase}='Running'", "ready"],
    ["jsonpath={.status.phase}=Done", "waiting"],
    ["jsonpath={.status.phase}", "ready"],
    ["jsonpath={.status.absent}", "waiting"],
    ["jsonpath={.status.ready}=false", "ready"],
    ["jsonpath={.spec.replicas}=3", "ready"],
    ['jsonpath={.status.conditions[?(@.type=="Healthy")].status}=True', "ready"],
    ["jsonpath={.status.items[0].ok}=yes", "ready"],
    ["jsonpath={.status.items[*].name}=a", "ready"],
    ["jsonpath={.status.dotted\\.key}=v", "ready"],
    ['["condition=Healthy","jsonpath={.status.phase}=Running"]', "ready"],
    ['["condition=Healthy","jsonpath={.status.phase}=Done"]', "waiting"],
  ])("%s is %s", (annotation, state) => {
    expect(parseWaitFor(annotation)(object).state).toBe(state);
  });

  it("says what it waits for and what it sees", () => {
    expect(parseWaitFor("jsonpath={.status.phase}=Done")(object)).toEqual({
      state: "waiting",
      message: "waits for .status.phase=Done, is Running",
    });
  });

  it.each(["Ready", "jsonpath=status", "[]", "jsonpath={.a[}"])("refuses %s", (annotation) => {
    expect(() => parseWaitFor(annotation)).toThrow(/pulumi\.com\/waitFor/);
  });
});
