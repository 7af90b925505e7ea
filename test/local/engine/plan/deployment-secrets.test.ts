import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { Secret } from "../../../../local/engine/values/property-value.ts";
import { containsSecret } from "../../../../local/engine/values/values.ts";
import { scriptedRefresh } from "../scripted-run.ts";
import { one, scriptedStack } from "../scripted-stack.ts";

const stack = scriptedStack();
const { up, state } = stack;

describe("a deployment with secrets", () => {
  it("marks as secret the outputs named like secret inputs, and those that additionalSecretOutputs names", async () => {
    const inputs = { spec: { token: new Secret("t"), open: 1 }, other: "x" };
    await up(one({ inputs, additionalSecretOutputs: ["state"] }));
    const { outputs } = await state("one");
    expect(outputs["spec"]).toEqual({ token: new Secret("t"), open: 1 });
    expect(outputs["state"]).toEqual(new Secret("ready"));
    expect(outputs["other"]).toBe("x");
  });

  it("hides what is secret in the copy of the inputs among the outputs", async () => {
    stack.world.copiesInputs = true;
    const inputs = { name: "one", spec: { env: [{ name: "DSN", value: new Secret("needle-4711") }] } };
    await up(one({ inputs }));
    const isHidden = async (): Promise<boolean> =>
      !readFileSync(stack.stateFile, "utf8").includes("needle-4711") &&
      containsSecret((await state("one")).outputs["__inputs"]);
    expect(await isHidden()).toBe(true);
    await up(one({ inputs: { ...inputs, other: 1 } }));
    expect(await isHidden()).toBe(true);
    await scriptedRefresh(stack);
    expect(await isHidden()).toBe(true);
  });

  it("hides a secret input that an error quotes, in messages and in the state", async () => {
    const told = await up(one({ inputs: { spec: new Secret("needle-4711"), fail: "no needle-4711 here" } }));
    expect(told.failed[0]?.reasons).toEqual(["no [secret] here"]);
    await up(one({ inputs: { spec: new Secret("needle-4711"), failReady: "needle-4711 is not ready" } }));
    expect((await state("one")).initErrors).toEqual(["[secret] is not ready"]);
  });
});
