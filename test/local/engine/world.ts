import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { PartialFailure } from "../../../local/engine/provider.ts";
import type { Provider, ProviderContext } from "../../../local/engine/provider.ts";
import type { PropertyMap } from "../../../local/engine/values/property-value.ts";
import { differences } from "../../../local/engine/values/difference.ts";
import { containsUnknown } from "../../../local/engine/values/values.ts";

export interface Thing {
  type: string;
  inputs: PropertyMap;
}

/** What the operations of the fake provider do to each other and to the test. */
export interface WorldOptions {
  /** Called before and after each change of the world; throws where the test ends the process. */
  onChange?: (moment: "before" | "after") => void;
}

/**
 * A provider whose world is a file. Things are known by name; a name that is not given is generated from the seed.
 * `immutable` forces a replacement, which has to delete first where the name is given. `fail` makes a create fail,
 * `failReady` makes it fail after the thing came into being. Creating is idempotent by name, as server-side apply is.
 */
export class World {
  readonly #file: string;
  readonly #onChange: (moment: "before" | "after") => void;
  /** `create:NAME`, `update:NAME`, `delete:NAME`, in order. */
  readonly calls: string[] = [];
  readonly configs: PropertyMap[] = [];
  /** Keys of the config that say where things are: their change forces the provider's replacement, and calls name the region. */
  places: string[] = [];
  /** Outputs have a copy of the inputs, as those of pulumi-kubernetes do. */
  copiesInputs = false;
  /** Called when a slow create waits for its interruption. */
  onSlow: () => void = () => undefined;
  /** Why nothing can be read, where that is so. */
  unreadable: string | undefined;

  constructor(file: string, { onChange = () => undefined }: WorldOptions = {}) {
    this.#file = file;
    this.#onChange = onChange;
  }

  things(): Record<string, Thing> {
    return existsSync(this.#file)
      ? (JSON.parse(readFileSync(this.#file, "utf8")) as Record<string, Thing>)
      : {};
  }

  /** Changes a thing behind the engine's back; undefined removes it. */
  meddle(name: string, inputs: PropertyMap | undefined): void {
    const things = this.things();
    if (inputs === undefined) delete things[name];
    else things[name] = { type: things[name]?.type ?? "", inputs };
    writeFileSync(this.#file, JSON.stringify(things));
  }

  #change(call: string, change: (things: Record<string, Thing>) => void): void {
    this.#onChange("before");
    const things = this.things();
    change(things);
    this.calls.push(call);
    writeFileSync(this.#file, JSON.stringify(things));
    this.#onChange("after");
  }

  provider(): Provider {
    let place = "";
    return {
      configure: async (config) => {
        this.configs.push(config);
        if (this.places.length > 0) place = `@${JSON.stringify(config["region"] ?? "").slice(1, -1)}`;
      },
      diffConfig: async (old, now) => ({
        replaces: this.places.filter((key) => old[key] !== now[key]),
      }),
      check: async ({ name }, olds, news, { randomSeed }) => {
        const failures =
          news["spec"] === "invalid" ? [{ property: "spec", reason: "must not be invalid" }] : [];
        if (nameOf(news) !== undefined) return { inputs: news, failures };
        const kept = olds?.["autonamed"] ? nameOf(olds) : undefined;
        const generated = kept ?? `${name}-${randomSeed.toString("hex").slice(0, 8)}`;
        return { inputs: { ...withName(news, generated), autonamed: true }, failures };
      },
      diff: async (_context, _id, oldInputs, _oldOutputs, newInputs) => {
        const found = differences(oldInputs, newInputs);
        const forcing = (path: string): boolean => /^(immutable|name|metadata\.name)\b/.test(path);
        const replaces = found.map(({ path }) => path).filter(forcing);
        const detailedDiff = Object.fromEntries(
          found.map(({ path, kind }) => [
            path,
            { kind: forcing(path) ? (`${kind}-replace` as const) : kind, inputDiff: true },
          ]),
        );
        const deleteBeforeReplace = !newInputs["autonamed"] && nameOf(oldInputs) === nameOf(newInputs);
        return { changes: found.length > 0, replaces, deleteBeforeReplace, detailedDiff };
      },
      create: async (context, inputs, { preview }) => {
        if (preview) return { id: "", outputs: inputs };
        return this.#create(context, inputs, place);
      },
      read: async (_context, id) => {
        if (this.unreadable !== undefined) throw new Error(this.unreadable);
        const thing = this.things()[id];
        return thing && { id, inputs: thing.inputs, outputs: this.#outputs(thing.inputs) };
      },
      update: async ({ type }, id, _oldInputs, _oldOutputs, newInputs, { preview }) => {
        if (!preview) {
          if (newInputs["fail"]) throw new Error("the world refuses the update");
          this.#change(`update:${id}`, (things) => (things[id] = { type, inputs: newInputs }));
        }
        return { outputs: this.#outputs(newInputs) };
      },
      delete: async (_context, id) =>
        this.#change(`delete:${id}${place}`, (things) => void delete things[id + place]),
      close: async () => undefined,
    };
  }

  #outputs(inputs: PropertyMap): PropertyMap {
    return { ...inputs, state: "ready", ...(this.copiesInputs ? { __inputs: inputs } : {}) };
  }

  async #create(
    { type, signal }: ProviderContext,
    inputs: PropertyMap,
    place: string,
  ): Promise<{ id: string; outputs: PropertyMap }> {
    const name = nameOf(inputs);
    if (typeof name !== "string" || containsUnknown(inputs))
      throw new Error("a name must be known in an update");
    if (inputs["slow"]) {
      const aborted = new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
      this.onSlow();
      await aborted;
    }
    if (inputs["fail"])
      throw new Error(typeof inputs["fail"] === "string" ? inputs["fail"] : "the world refuses the thing");
    this.#change(`create:${name}${place}`, (things) => (things[name + place] = { type, inputs }));
    const outputs = this.#outputs(inputs);
    const why = typeof inputs["failReady"] === "string" ? inputs["failReady"] : "never got ready";
    if (inputs["failReady"] || inputs["slow"]) throw new PartialFailure(name, outputs, [why]);
    return { id: name, outputs };
  }
}

/** A Kubernetes object has its name in its metadata, a thing of the tests' own has it at the top. */
function nameOf(inputs: PropertyMap): PropertyMap[string] | undefined {
  return "kind" in inputs ? (inputs["metadata"] as PropertyMap | undefined)?.["name"] : inputs["name"];
}

function withName(inputs: PropertyMap, name: PropertyMap[string]): PropertyMap {
  if (!("kind" in inputs)) return { ...inputs, name };
  return { ...inputs, metadata: { ...(inputs["metadata"] as PropertyMap | undefined), name } };
}
