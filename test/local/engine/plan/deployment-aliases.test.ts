import { describe, expect, it } from "vitest";
import { done, one, scriptedStack } from "../scripted-stack.ts";
import type { Program } from "../scripted-stack.ts";

const stack = scriptedStack();
const { up, state } = stack;

describe("an alias", () => {
  it("keeps a renamed resource", async () => {
    await up(one());
    const { id } = await state("one");
    const summary = await up(async ({ add }) => void (await add("two", { aliases: [{ name: "one" }] })));
    expect(done(summary)).toEqual([]);
    expect((await state("two")).id).toBe(id);
    expect(stack.world.calls).toEqual([]);
  });

  it("keeps a resource under its former urn, and one that moves below a component", async () => {
    await up(one());
    const move: Program = async ({ add }) => {
      const group = await add("group", { type: "test:index:Group", custom: false });
      await add("one", { parent: group.urn, aliases: [{ noParent: true }] });
    };
    expect(done(await up(move))).toEqual(["create group"]);
    const back: Program = async ({ add }) => {
      await add("one", {
        aliases: [{ urn: "urn:pulumi:dev::scripted::test:index:Group$world:index:Thing::one" }],
      });
    };
    expect(done(await up(back))).toEqual(["delete group"]);
  });

  it("of a component applies to its descendants, each named after its parent", async () => {
    const program =
      (name: string, aliases: { name: string }[]): Program =>
      async ({ add }) => {
        const outer = await add(name, { type: "test:index:Group", custom: false, aliases });
        const inner = await add(`${name}-inner`, {
          type: "test:index:Group",
          custom: false,
          parent: outer.urn,
        });
        await add(`${name}-inner-thing`, { parent: inner.urn });
      };
    await up(program("old", []));
    expect(done(await up(program("new", [{ name: "old" }])))).toEqual([]);
    expect(stack.world.calls).toEqual([]);
  });
});
