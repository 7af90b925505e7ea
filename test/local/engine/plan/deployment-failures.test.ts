import { describe, expect, it } from "vitest";
import { readState, thing } from "../scripted-run.ts";
import { done, one, scriptedStack } from "../scripted-stack.ts";
import type { Program } from "../scripted-stack.ts";

const stack = scriptedStack();
const { up, state } = stack;

describe("a deployment with a failure", () => {
  it("finishes resources that are independent of a failure, skips those that need it, and deletes nothing", async () => {
    await up(async ({ add }) => {
      await add("old");
    });
    const summary = await up(async ({ add }) => {
      const bad = await add("bad", { inputs: { fail: true } });
      const needy = await add("needy", { dependencies: [bad.urn] });
      await add("child", { parent: needy.urn });
      await add("fine");
    });
    expect(summary.ok).toBe(false);
    expect(summary.failed).toEqual([{ urn: thing("bad"), reasons: ["the world refuses the thing"] }]);
    expect(summary.skipped).toHaveLength(2);
    expect(done(summary)).toEqual(["create fine"]);
    expect((await readState(stack.stateFile)).some(({ urn }) => urn === thing("old"))).toBe(true);
  });

  it("reports every failed check with its property", async () => {
    const summary = await up(one({ inputs: { spec: "invalid" } }));
    expect(summary.failed).toEqual([{ urn: thing("one"), reasons: ["spec: must not be invalid"] }]);
  });

  it("keeps a resource that was created but is not ready, and updates it in the next run", async () => {
    expect((await up(one({ inputs: { failReady: true } }))).ok).toBe(false);
    expect(await state("one")).toMatchObject({
      initErrors: ["never got ready"],
      id: expect.any(String) as string,
    });
    expect(done(await up(one({ inputs: { failReady: true } })))).toEqual(["update one"]);
    expect((await state("one")).initErrors).toEqual([]);
  });

  it("keeps the old state of a resource after a failed update", async () => {
    await up(one({ inputs: { spec: 1 } }));
    expect((await up(one({ inputs: { spec: 2, fail: true } }))).ok).toBe(false);
    expect((await state("one")).inputs["spec"]).toBe(1);
  });

  it("keeps the stack outputs of the last successful run after a failure", async () => {
    const program =
      (version: number, fail: boolean): Program =>
      async ({ add, stack }) => {
        await add("one", { inputs: { spec: version, fail } });
        stack({ version });
      };
    await up(program(1, false));
    expect((await up(program(2, true))).outputs).toEqual({ version: 1 });
    expect((await up(program(3, false))).outputs).toEqual({ version: 3 });
  });

  it("reports a failed read as a read", async () => {
    const failed: string[] = [];
    const summary = await up(
      async ({ read }) => {
        await expect(read("gone", "nothing")).rejects.toThrow(/gone could not be read/);
      },
      { onFailed: (op) => failed.push(op) },
    );
    expect(failed).toEqual(["read"]);
    expect(summary.failed).toEqual([
      { urn: thing("gone"), reasons: ["no world:index:Thing with id nothing was found"] },
    ]);
  });

  it("names a package without a provider", async () => {
    const summary = await up(one({ type: "vault:index:Secret", version: "1.2.3" }));
    expect(summary.failed[0]?.reasons[0]).toMatch(
      /package vault 1\.2\.3: the offline engine has no provider/,
    );
  });

  it("starts no operation after an interrupt, and saves those in progress", async () => {
    const controller = new AbortController();
    const run = up(
      async ({ add }) => {
        stack.world.onSlow = () => controller.abort();
        await add("slow", { inputs: { slow: true } });
        await add("never");
      },
      { signal: controller.signal },
    );
    await expect(run).rejects.toThrow(/abort/);
    expect((await state("slow")).initErrors).toEqual(["never got ready"]);
    expect(Object.keys(stack.world.things())).toHaveLength(1);
  });
});
