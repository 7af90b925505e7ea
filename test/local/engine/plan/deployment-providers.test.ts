import { describe, expect, it } from "vitest";
import type { StackConfig } from "../../../../local/engine/project/stack-config.ts";
import { readState, thing } from "../scripted-run.ts";
import { done, one, scriptedStack } from "../scripted-stack.ts";
import type { Program } from "../scripted-stack.ts";

const stack = scriptedStack();
const { up, state } = stack;

describe("a provider", () => {
  it.each(["world", "*"])(
    "by default is refused where pulumi:disable-default-providers names %s",
    async (name) => {
      const config = {
        values: { "pulumi:disable-default-providers": JSON.stringify([name]) },
        secretKeys: [],
        secretTexts: [],
      };
      const summary = await up(
        async ({ add }) => {
          await add("one");
          const explicit = await add("mine", { type: "pulumi:providers:world" });
          await add("two", { inputs: { name: "two" }, provider: `${explicit.urn}::${explicit.id}` });
        },
        { config },
      );
      expect(summary.failed).toEqual([
        {
          urn: thing("one"),
          reasons: [
            "world:index:Thing one: must name a provider: pulumi:disable-default-providers forbids the default one of package world",
          ],
        },
      ]);
      expect(Object.keys(stack.world.things())).toEqual(["two"]);
    },
  );

  it("is created once per package and version, with the package's config, and is not counted", async () => {
    const config = { values: { "world:region": "eu", "other:x": "1" }, secretKeys: [], secretTexts: [] };
    const summary = await up(
      async ({ add }) => {
        await Promise.all([add("a", { version: "1.2.3" }), add("b", { version: "1.2.3" })]);
      },
      { config },
    );
    expect(stack.world.configs).toEqual([{ region: "eu" }]);
    expect(summary.counts.create).toBe(3);
    const provider = (await readState(stack.stateFile)).find(({ type }) => type === "pulumi:providers:world");
    expect(provider).toMatchObject({
      urn: "urn:pulumi:dev::scripted::pulumi:providers:world::default_1_2_3",
      inputs: { version: "1.2.3", region: "eu" },
    });
  });

  it("may get a newer version by default without a replacement, but a move to another provider replaces", async () => {
    await up(one({ version: "1.0.0" }));
    const newer = await up(one({ version: "1.1.0" }));
    expect(newer.counts.replace).toBe(0);
    expect((await state("one")).provider).toContain("default_1_1_0");
    const moved = await up(async ({ add }) => {
      const explicit = await add("mine", { type: "pulumi:providers:world", inputs: { region: "us" } });
      await add("one", { provider: `${explicit.urn}::${explicit.id}` });
    });
    expect(moved.counts.replace).toBe(1);
    expect(moved.steps.find(({ op }) => op === "replace")?.replaceReasons).toEqual(["provider"]);
  });

  it("is inherited through components by package", async () => {
    await up(async ({ add }) => {
      const explicit = await add("mine", { type: "pulumi:providers:world", inputs: { region: "us" } });
      const providers = { world: `${explicit.urn}::${explicit.id}` };
      const outer = await add("outer", { type: "test:index:Group", custom: false, providers });
      const inner = await add("inner", { type: "test:index:Group", custom: false, parent: outer.urn });
      await add("one", { parent: inner.urn });
    });
    const inside = (await readState(stack.stateFile)).find(({ urn }) => urn.endsWith("::one"));
    expect(inside?.provider).toContain("::mine::");
  });

  const inRegion =
    (region: string, token = "t"): Program =>
    async ({ add }) => {
      const explicit = await add("mine", { type: "pulumi:providers:world", inputs: { region, token } });
      await add("one", { inputs: { name: "one" }, provider: `${explicit.urn}::${explicit.id}` });
    };

  it("whose config changes is configured again, and replaces nothing", async () => {
    await up(inRegion("us"));
    expect(done(await up(inRegion("eu")))).toEqual(["update mine"]);
    expect(stack.world.configs.at(-1)).toEqual({ region: "eu", token: "t" });
  });

  it("whose config leads to another place is replaced with all that it manages: created there, deleted here", async () => {
    stack.world.places = ["region"];
    await up(inRegion("us"));
    expect(done(await up(inRegion("us", "another token")))).toEqual(["update mine"]);
    const planned = await up(inRegion("eu"), { preview: true });
    expect(done(planned)).toContain("replace one");
    stack.world.configs.length = 0;
    const moved = await up(inRegion("eu"));
    expect(moved.failed).toEqual([]);
    expect(done(moved)).toEqual([
      "create-replacement mine",
      "replace mine",
      "create-replacement one",
      "replace one",
      "delete-replaced one",
      "delete-replaced mine",
    ]);
    expect(moved.steps.filter(({ op }) => op === "replace").map((step) => step.replaceReasons)).toEqual([
      ["region"],
      ["provider"],
    ]);
    expect(stack.world.calls).toEqual(["create:one@eu", "delete:one@us"]);
    expect(done(await up(inRegion("eu")))).toEqual([]);
  });

  it("by default leads to another place too if its version and its config change together", async () => {
    stack.world.places = ["region"];
    const at = (region: string): { config: StackConfig } => ({
      config: { values: { "world:region": region }, secretKeys: [], secretTexts: [] },
    });
    await up(one({ version: "1.0.0" }), at("us"));
    expect((await up(one({ version: "1.1.0" }), at("us"))).counts.replace).toBe(0);
    expect((await up(one({ version: "1.2.0" }), at("eu"))).counts.replace).toBe(1);
  });
});
