import { readFileSync } from "node:fs";
import path from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { Secret, UNKNOWN } from "../../../../local/engine/values/property-value.ts";
import type { StackConfig } from "../../../../local/engine/project/stack-config.ts";
import type { Summary } from "../../../../local/engine/summary.ts";
import { brokenInvariants } from "../invariants.ts";
import {
  readState,
  scriptedDestroy,
  scriptedRefresh,
  scriptedUp,
  STACK,
  temporaryFolder,
  thing,
} from "../scripted-run.ts";
import type { Script, ScriptedOptions } from "../scripted-run.ts";
import { World } from "../world.ts";

let stateFile: string;
let worldFile: string;
let world: World;

beforeEach(() => {
  const folder = temporaryFolder();
  stateFile = path.join(folder, "dev.json");
  worldFile = path.join(folder, "world.json");
  world = new World(worldFile);
});

type Program = (script: Script) => Promise<void>;

async function up(program: Program, options: Partial<ScriptedOptions> = {}): Promise<Summary> {
  world.calls.length = 0;
  const summary = await scriptedUp({ stateFile, world, ...options }, program);
  expect(brokenInvariants(await readState(stateFile))).toEqual([]);
  return summary;
}

/** What was done, without the stack and what stayed as it was. */
function done(summary: Summary): string[] {
  return summary.steps
    .filter(({ op, urn }) => op !== "same" && urn !== STACK)
    .map(({ op, urn }) => `${op} ${urn.split("::").at(-1)}`);
}

async function state(name: string): Promise<Awaited<ReturnType<typeof readState>>[number]> {
  const found = (await readState(stateFile)).find(({ urn }) => urn === thing(name));
  if (!found) throw new Error(`${name} is not in the state`);
  return found;
}

const one =
  (inputs: Parameters<Script["add"]>[1] = {}): Program =>
  async ({ add }) => {
    await add("one", inputs);
  };

describe("a deployment", () => {
  it("creates, keeps and updates, and deletes what is no longer registered", async () => {
    expect(done(await up(one({ inputs: { spec: 1 } })))).toEqual(["create one"]);
    expect(done(await up(one({ inputs: { spec: 1 } })))).toEqual([]);
    expect(world.calls).toEqual([]);
    expect(done(await up(one({ inputs: { spec: 2 } })))).toEqual(["update one"]);
    expect(done(await up(async () => undefined))).toEqual(["delete one"]);
    expect(world.things()).toEqual({});
  });

  it("previews the very names that the update then gives, and touches nothing", async () => {
    const planned = await up(one(), { preview: true });
    expect(world.calls).toEqual([]);
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

  it("makes the new one first and deletes the old one last, where both can stand side by side", async () => {
    await up(one({ inputs: { immutable: 1 } }));
    expect(done(await up(one({ inputs: { immutable: 2 } })))).toEqual([
      "create-replacement one",
      "replace one",
      "delete-replaced one",
    ]);
    expect(world.calls.map((call) => call.split(":")[0])).toEqual(["create", "delete"]);
    expect(Object.keys(world.things())).toEqual([(await state("one")).id]);
  });

  it("deletes first what keeps its name, and with it what depends on it by a property that forces replacement", async () => {
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
    expect(Object.keys(world.things())).toHaveLength(3);
  });

  it("deletes first where deleteBeforeReplace says so", async () => {
    await up(one({ inputs: { immutable: 1 } }));
    const summary = await up(one({ inputs: { immutable: 2 }, deleteBeforeReplace: true }));
    expect(done(summary)).toEqual(["delete-replaced one", "create-replacement one", "replace one"]);
  });

  it("ignores changes at the paths of ignoreChanges", async () => {
    await up(one({ inputs: { spec: { replicas: 1, image: "a" } } }));
    await up(one({ inputs: { spec: { replicas: 5, image: "b" } }, ignoreChanges: ["spec.replicas"] }));
    expect((await state("one")).inputs["spec"]).toEqual({ replicas: 1, image: "b" });
  });

  it("replaces for a change at the paths of replaceOnChanges", async () => {
    await up(one({ inputs: { spec: { image: "a" } } }));
    const summary = await up(one({ inputs: { spec: { image: "b" } }, replaceOnChanges: ["spec"] }));
    expect(summary.counts.replace).toBe(1);
    expect(summary.steps.find(({ op }) => op === "replace")?.replaceReasons).toEqual(["spec.image"]);
  });

  it("neither deletes nor replaces what is protected", async () => {
    await up(one({ inputs: { immutable: 1 }, protect: true }));
    const deleted = await up(async () => undefined);
    expect(deleted.failed[0]?.reasons[0]).toMatch(/protected/);
    const replaced = await up(one({ inputs: { immutable: 2 }, protect: true }));
    expect(replaced.failed[0]?.reasons[0]).toMatch(/cannot be replaced/);
    expect((await scriptedDestroy({ stateFile, world })).ok).toBe(false);
    expect(Object.keys(world.things())).toHaveLength(1);
  });

  it("leaves in the world what is retained on delete", async () => {
    await up(one({ retainOnDelete: true }));
    expect(done(await up(async () => undefined))).toEqual(["delete one"]);
    expect(Object.keys(world.things())).toHaveLength(1);
    expect(await readState(stateFile)).toHaveLength(1);
  });

  it("does not ask the provider to delete what goes with something else", async () => {
    await up(async ({ add }) => {
      const cluster = await add("cluster");
      await add("inside", { deletedWith: cluster.urn });
    });
    await up(async () => undefined);
    expect(world.calls).toEqual([expect.stringMatching(/^delete:cluster-/)]);
  });

  it("deletes in reverse order of dependency", async () => {
    await up(async ({ add }) => {
      const a = await add("a", { inputs: { name: "a" } });
      const b = await add("b", { inputs: { name: "b" }, dependencies: [a.urn] });
      await add("c", { inputs: { name: "c" }, dependencies: [b.urn] });
    });
    world.calls.length = 0;
    await scriptedDestroy({ stateFile, world });
    expect(world.calls).toEqual(["delete:c", "delete:b", "delete:a"]);
  });

  it("finishes what is independent of a failure, skips what needs it, and deletes nothing", async () => {
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
    expect((await readState(stateFile)).some(({ urn }) => urn === thing("old"))).toBe(true);
  });

  it("reports every failed check with its property", async () => {
    const summary = await up(one({ inputs: { spec: "invalid" } }));
    expect(summary.failed).toEqual([{ urn: thing("one"), reasons: ["spec: must not be invalid"] }]);
  });

  it("keeps what came into being but never got ready, and updates it the next time", async () => {
    expect((await up(one({ inputs: { failReady: true } }))).ok).toBe(false);
    expect(await state("one")).toMatchObject({
      initErrors: ["never got ready"],
      id: expect.any(String) as string,
    });
    expect(done(await up(one({ inputs: { failReady: true } })))).toEqual(["update one"]);
    expect((await state("one")).initErrors).toEqual([]);
  });

  it("keeps the old state of what it failed to update", async () => {
    await up(one({ inputs: { spec: 1 } }));
    expect((await up(one({ inputs: { spec: 2, fail: true } }))).ok).toBe(false);
    expect((await state("one")).inputs["spec"]).toBe(1);
  });

  it("marks as secret the outputs named like secret inputs, and those that additionalSecretOutputs names", async () => {
    const inputs = { spec: { token: new Secret("t"), open: 1 }, other: "x" };
    await up(one({ inputs, additionalSecretOutputs: ["state"] }));
    const { outputs } = await state("one");
    expect(outputs["spec"]).toEqual({ token: new Secret("t"), open: 1 });
    expect(outputs["state"]).toEqual(new Secret("ready"));
    expect(outputs["other"]).toBe("x");
  });

  it("hides the copy of the inputs among the outputs where any input is secret", async () => {
    world.copiesInputs = true;
    const inputs = { name: "one", spec: { env: [{ name: "DSN", value: new Secret("needle-4711") }] } };
    await up(one({ inputs }));
    const isHidden = async (): Promise<boolean> =>
      !readFileSync(stateFile, "utf8").includes("needle-4711") &&
      (await state("one")).outputs["__inputs"] instanceof Secret;
    expect(await isHidden()).toBe(true);
    await up(one({ inputs: { ...inputs, other: 1 } }));
    expect(await isHidden()).toBe(true);
    await scriptedRefresh({ stateFile, world });
    expect(await isHidden()).toBe(true);
  });

  it("hides what a refusal quotes of a secret input, in what it tells and in what it keeps", async () => {
    const told = await up(one({ inputs: { spec: new Secret("needle-4711"), fail: "no needle-4711 here" } }));
    expect(told.failed[0]?.reasons).toEqual(["no [secret] here"]);
    await up(one({ inputs: { spec: new Secret("needle-4711"), failReady: "needle-4711 is not ready" } }));
    expect((await state("one")).initErrors).toEqual(["[secret] is not ready"]);
  });

  it("refuses a duplicate, and an import, by name", async () => {
    await expect(up(async ({ add }) => void (await Promise.all([add("one"), add("one")])))).rejects.toThrow(
      /duplicate.*one/,
    );
    await expect(up(one({ importId: "x" }))).rejects.toThrow(
      /one: the offline engine cannot import; import x with/,
    );
  });

  it("passes over the import of what is in the state already", async () => {
    await up(one({ inputs: { name: "one" } }));
    expect(done(await up(one({ inputs: { name: "one" }, importId: "one" })))).toEqual([]);
  });

  it("keeps the outputs of the last good run where something fails", async () => {
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

  it("calls a failed read a read", async () => {
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

  it("replaces where the replacement trigger changes, not where one is first given", async () => {
    expect((await up(one())).counts.replace).toBe(0);
    expect((await up(one({ replacementTrigger: 1 }))).counts.replace).toBe(0);
    const summary = await up(one({ replacementTrigger: UNKNOWN }), { preview: true });
    expect(summary.steps.find(({ op }) => op === "replace")?.replaceReasons).toEqual(["replacementTrigger"]);
    expect((await up(one({ replacementTrigger: [2] }))).counts.replace).toBe(1);
    expect((await up(one({ replacementTrigger: [2] }))).counts.replace).toBe(0);
  });

  it("names a package that it has no provider for", async () => {
    const summary = await up(one({ type: "vault:index:Secret", version: "1.2.3" }));
    expect(summary.failed[0]?.reasons[0]).toMatch(
      /package vault 1\.2\.3: the offline engine has no provider/,
    );
  });

  it("begins nothing new once it is interrupted, and saves what had begun", async () => {
    const controller = new AbortController();
    const run = up(
      async ({ add }) => {
        world.onSlow = () => controller.abort();
        await add("slow", { inputs: { slow: true } });
        await add("never");
      },
      { signal: controller.signal },
    );
    await expect(run).rejects.toThrow(/abort/);
    expect((await state("slow")).initErrors).toEqual(["never got ready"]);
    expect(Object.keys(world.things())).toHaveLength(1);
  });
});

describe("an alias", () => {
  it("keeps a renamed resource", async () => {
    await up(one());
    const { id } = await state("one");
    const summary = await up(async ({ add }) => void (await add("two", { aliases: [{ name: "one" }] })));
    expect(done(summary)).toEqual([]);
    expect((await state("two")).id).toBe(id);
    expect(world.calls).toEqual([]);
  });

  it("keeps a resource under its whole former urn, and one that moves below a component", async () => {
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

  it("of a component reaches its children, and theirs, each named after its parent", async () => {
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
    expect(world.calls).toEqual([]);
  });
});

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
      expect(Object.keys(world.things())).toEqual(["two"]);
    },
  );

  it("is made once per package and version, with the package's config, and is no part of the counts", async () => {
    const config = { values: { "world:region": "eu", "other:x": "1" }, secretKeys: [], secretTexts: [] };
    const summary = await up(
      async ({ add }) => {
        await Promise.all([add("a", { version: "1.2.3" }), add("b", { version: "1.2.3" })]);
      },
      { config },
    );
    expect(world.configs).toEqual([{ region: "eu" }]);
    expect(summary.counts.create).toBe(3);
    const provider = (await readState(stateFile)).find(({ type }) => type === "pulumi:providers:world");
    expect(provider).toMatchObject({
      urn: "urn:pulumi:dev::scripted::pulumi:providers:world::default_1_2_3",
      inputs: { version: "1.2.3", region: "eu" },
    });
  });

  it("may get newer by default without replacing anything, but a move to another one replaces", async () => {
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
    const inside = (await readState(stateFile)).find(({ urn }) => urn.endsWith("::one"));
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
    expect(world.configs.at(-1)).toEqual({ region: "eu", token: "t" });
  });

  it("that says it leads to another place is replaced, with all that it manages: made there, deleted here", async () => {
    world.places = ["region"];
    await up(inRegion("us"));
    expect(done(await up(inRegion("us", "another token")))).toEqual(["update mine"]);
    const planned = await up(inRegion("eu"), { preview: true });
    expect(done(planned)).toContain("replace one");
    world.configs.length = 0;
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
    expect(world.calls).toEqual(["create:one@eu", "delete:one@us"]);
    expect(done(await up(inRegion("eu")))).toEqual([]);
  });

  it("by default leads to another place too, where its version and its config change at once", async () => {
    world.places = ["region"];
    const at = (region: string): { config: StackConfig } => ({
      config: { values: { "world:region": region }, secretKeys: [], secretTexts: [] },
    });
    await up(one({ version: "1.0.0" }), at("us"));
    expect((await up(one({ version: "1.1.0" }), at("us"))).counts.replace).toBe(0);
    expect((await up(one({ version: "1.2.0" }), at("eu"))).counts.replace).toBe(1);
  });
});
