import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { EngineOptions } from "../../../local/engine/engine-options.ts";
import type { Provider } from "../../../local/engine/provider.ts";
import type { PropertyMap } from "../../../local/engine/values/property-value.ts";
import { FOUNDATION_STACK } from "./foundation-stack.ts";
import { temporaryFolder } from "../../local/engine/scripted-run.ts";

export interface CloudProgram {
  /** Folder in `programs`, which is also the name of the project. */
  program: string;
  /** Name of the cloud's Pulumi package. */
  cloud: string;
  /** Returns the outputs of a resource. */
  outputs: (type: string, name: string, inputs: PropertyMap) => Record<string, unknown>;
  /** Token of a function of the package → its result. @default - no functions */
  functions?: Record<string, PropertyMap>;
  /** Name of a cluster → its node groups, which are deleted before it and end its pods. @default - the cluster has its own nodes */
  nodes?: Readonly<Record<string, readonly string[]>>;
  /** Names of resources that only contain values of their dependencies, and so may be deleted after them. @default - none */
  onlyValues?: readonly string[];
}

/** When a resource was created and deleted. The numbers count the events in the clouds in order. */
export interface Lifetime {
  createBegan: number;
  createEnded: number;
  deleteBegan?: number;
  deleteEnded?: number;
}

/** Options of the engine for the two stacks of a program, in the order in which they are deployed. */
export interface LayerOptions {
  foundation: EngineOptions;
  platform: EngineOptions;
}

/** Returns the options of the engine for the stacks of a program in `programs`, in one backend. */
export function engineOptions({ program }: CloudProgram, protect: boolean): LayerOptions {
  const common = {
    projectDir: path.join(import.meta.dirname, "programs", program),
    backendDir: temporaryFolder(),
    passphrase: "correct horse",
    config: { protect: String(protect) },
    env: { PATH: process.env["PATH"], HOME: "/nonexistent" }, // no credentials of a cloud
    absentStacks: "plan" as const,
    unreachableClusters: "plan" as const,
  };
  return {
    foundation: { ...common, stack: FOUNDATION_STACK },
    platform: { ...common, stack: "platform" },
  };
}

/** A fake cloud and cluster. Every operation succeeds after a short time. */
export class FakeClouds {
  readonly lifetimes = new Map<string, Lifetime>();
  readonly #program: CloudProgram;
  #now = 0;

  constructor(program: CloudProgram) {
    this.#program = program;
  }

  readonly providers = (name: string): Provider | undefined => {
    if (name === "kubernetes") return this.#provider((_type, _name, inputs) => inputs);
    return name === this.#program.cloud ? this.#provider(this.#program.outputs) : undefined;
  };

  #provider(outputs: CloudProgram["outputs"]): Provider {
    const { lifetimes } = this;
    const outputsOf = (type: string, name: string, inputs: PropertyMap): PropertyMap =>
      outputs(type, name, inputs) as PropertyMap;
    return {
      configure: async () => undefined,
      check: async (_context, _olds, news) => ({ inputs: news, failures: [] }),
      diff: async () => ({ changes: false, replaces: [], deleteBeforeReplace: false, detailedDiff: {} }),
      create: async ({ urn, type, name }, inputs, { preview }) => {
        if (preview) return { id: "", outputs: inputs };
        if (lifetimes.has(urn)) throw new Error(`${urn} exists already`);
        const lifetime = { createBegan: this.#now++, createEnded: Infinity };
        lifetimes.set(urn, lifetime);
        await sleep(3);
        lifetime.createEnded = this.#now++;
        return { id: `${name}-id`, outputs: outputsOf(type, name, inputs) };
      },
      read: async ({ type, name }, id, inputs = {}) => ({
        id,
        inputs,
        outputs: outputsOf(type, name, inputs),
      }),
      update: async (_context, _id, _oldInputs, oldOutputs) => ({ outputs: oldOutputs }),
      delete: async ({ urn }) => {
        const lifetime = lifetimes.get(urn);
        if (lifetime === undefined || lifetime.deleteBegan !== undefined)
          throw new Error(`${urn} does not exist`);
        lifetime.deleteBegan = this.#now++;
        await sleep(3);
        lifetime.deleteEnded = this.#now++;
      },
      invoke: async (token) => {
        const result = this.#program.functions?.[token];
        if (result === undefined) throw new Error(`unexpected call of ${token}`);
        return result;
      },
      close: async () => undefined,
    };
  }
}
