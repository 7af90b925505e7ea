import { describe, expect, it } from "vitest";
import { UNKNOWN } from "../../../../local/engine/values/property-value.ts";
import { readState, scriptedDestroy, thing } from "../scripted-run.ts";
import { done, one, scriptedStack } from "../scripted-stack.ts";
import type { Program } from "../scripted-stack.ts";

const stack = scriptedStack();
const { up, state } = stack;

describe("a deployment", () => {
  it("creates, keeps and updates, and deletes what is no longer registered", async () => {
    expect(done(await up(one({ inputs: { spec: 1 } })))).toEqual(["create one"]);
    expect(done(await up(one({ inputs: { spec: 1 } })))).toEqual([]);
    expect(stack.world.calls).toEqual([]);
    expect(done(await up(one({ inputs: { spec: 2 } })))).toEqual(["update one"]);
    expect(done(await up(async () => undefined))).toEqual(["delete one"]);
    expect(stack.world.things()).toEqual({});
  });

  it("previews the names that the update then uses, and changes nothing", async () => {
    const planned = await up(one(), { preview: true });
    expect(stack.world.calls).toEqual([]);
    await up(one());
    const name = (await state("one")).inputs["name"];
    expect(planned.steps.find(({ urn }) => urn === thing("one"))?.newState?.["inputs"]).toMatchObject({
      name,
    });
  });

  it("passes unknowns through a preview", async () => {
    let seen: unknown;
    const summary = await up(
      async ({ add }) => {
        seen = (await add("one", { inputs: { spec: UNKNOWN } })).outputs["spec"];
      },
      { preview: true },
    );
    expect(seen).toBe(UNKNOWN);
    expect(summary.counts.create).toBe(2);
  });

  it("creates the replacement first and deletes the old resource last if both can exist at a time", async () => {
    await up(one({ inputs: { immutable: 1 } }));
    expect(done(await up(one({ inputs: { immutable: 2 } })))).toEqual([
      "create-replacement one",
      "replace one",
      "delete-replaced one",
    ]);
    expect(stack.world.calls.map((call) => call.split(":")[0])).toEqual(["create", "delete"]);
    expect(Object.keys(stack.world.things())).toEqual([(await state("one")).id]);
  });

  it("deletes a resource with a fixed name first, together with the dependents that must be replaced", async () => {
    const program =
      (immutable: string): Program =>
      async ({ add }) => {
        const root = await add("root", { inputs: { name: "root", immutable } });
        const on = (key: string) => ({
          dependencies: [root.urn],
          propertyDependencies: { [key]: [root.urn] },
        });
        await add("bound", { inputs: { immutable: root.id }, ...on("immutable") });
        await add("loose", { inputs: { spec: root.id }, ...on("spec") });
      };
    await up(program("a"));
    const summary = await up(program("b"));
    expect(done(summary)).toEqual([
      "delete-replaced bound",
      "delete-replaced root",
      "create-replacement root",
      "replace root",
      "create-replacement bound",
      "replace bound",
    ]);
    expect(Object.keys(stack.world.things())).toHaveLength(3);
  });

  it("deletes the old resource first with deleteBeforeReplace", async () => {
    await up(one({ inputs: { immutable: 1 } }));
    const summary = await up(one({ inputs: { immutable: 2 }, deleteBeforeReplace: true }));
    expect(done(summary)).toEqual(["delete-replaced one", "create-replacement one", "replace one"]);
  });

  it("ignores changes at the paths of ignoreChanges", async () => {
    await up(one({ inputs: { spec: { replicas: 1, image: "a" } } }));
    await up(one({ inputs: { spec: { replicas: 5, image: "b" } }, ignoreChanges: ["spec.replicas"] }));
    expect((await state("one")).inputs["spec"]).toEqual({ replicas: 1, image: "b" });
  });

  it("replaces a resource whose properties in replaceOnChanges change", async () => {
    await up(one({ inputs: { spec: { image: "a" } } }));
    const summary = await up(one({ inputs: { spec: { image: "b" } }, replaceOnChanges: ["spec"] }));
    expect(summary.counts.replace).toBe(1);
    expect(summary.steps.find(({ op }) => op === "replace")?.replaceReasons).toEqual(["spec.image"]);
  });

  it("neither deletes nor replaces a protected resource", async () => {
    await up(one({ inputs: { immutable: 1 }, protect: true }));
    const deleted = await up(async () => undefined);
    expect(deleted.failed[0]?.reasons[0]).toMatch(/protected/);
    const replaced = await up(one({ inputs: { immutable: 2 }, protect: true }));
    expect(replaced.failed[0]?.reasons[0]).toMatch(/cannot be replaced/);
    expect((await scriptedDestroy(stack)).ok).toBe(false);
    expect(Object.keys(stack.world.things())).toHaveLength(1);
  });

  it("replaces a resource in the run that takes its protection off", async () => {
    await up(one({ inputs: { immutable: 1 }, protect: true }));
    expect((await up(one({ inputs: { immutable: 2 } }))).counts.replace).toBe(1);
  });

  it("refuses to replace a resource whose import option is still there", async () => {
    await up(one({ inputs: { name: "one", immutable: 1 } }));
    const summary = await up(one({ inputs: { name: "one", immutable: 2 }, importId: "one" }));
    expect(summary.failed[0]?.reasons[0]).toMatch(/its option import names one; remove the option/);
  });

  it("does not delete a resource with retainOnDelete from the world", async () => {
    await up(one({ retainOnDelete: true }));
    expect(done(await up(async () => undefined))).toEqual(["delete one"]);
    expect(Object.keys(stack.world.things())).toHaveLength(1);
    expect(await readState(stack.stateFile)).toHaveLength(1);
  });

  it("does not ask the provider to delete a resource that is deletedWith another one", async () => {
    await up(async ({ add }) => {
      const cluster = await add("cluster");
      await add("inside", { deletedWith: cluster.urn });
    });
    await up(async () => undefined);
    expect(stack.world.calls).toEqual([expect.stringMatching(/^delete:cluster-/)]);
  });

  it("deletes in reverse order of dependency", async () => {
    await up(async ({ add }) => {
      const a = await add("a", { inputs: { name: "a" } });
      const b = await add("b", { inputs: { name: "b" }, dependencies: [a.urn] });
      await add("c", { inputs: { name: "c" }, dependencies: [b.urn] });
    });
    stack.world.calls.length = 0;
    await scriptedDestroy(stack);
    expect(stack.world.calls).toEqual(["delete:c", "delete:b", "delete:a"]);
  });

  it("refuses a duplicate, and an import, by name", async () => {
    await expect(up(async ({ add }) => void (await Promise.all([add("one"), add("one")])))).rejects.toThrow(
      /duplicate.*one/,
    );
    await expect(up(one({ importId: "x" }))).rejects.toThrow(
      /one: the offline engine cannot import; import x with/,
    );
  });

  it("ignores the import of a resource that is already in the state", async () => {
    await up(one({ inputs: { name: "one" } }));
    expect(done(await up(one({ inputs: { name: "one" }, importId: "one" })))).toEqual([]);
  });

  it("replaces a resource when its replacement trigger changes, not when it first gets one", async () => {
    expect((await up(one())).counts.replace).toBe(0);
    expect((await up(one({ replacementTrigger: 1 }))).counts.replace).toBe(0);
    const summary = await up(one({ replacementTrigger: UNKNOWN }), { preview: true });
    expect(summary.steps.find(({ op }) => op === "replace")?.replaceReasons).toEqual(["replacementTrigger"]);
    expect((await up(one({ replacementTrigger: [2] }))).counts.replace).toBe(1);
    expect((await up(one({ replacementTrigger: [2] }))).counts.replace).toBe(0);
  });
});
