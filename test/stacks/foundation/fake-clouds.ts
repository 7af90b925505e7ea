import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { EngineOptions } from "../../../local/engine/engine-options.ts";
import type { Provider } from "../../../local/engine/provider.ts";
import type { PropertyMap } from "../../../local/engine/values/property-value.ts";
import { temporaryFolder } from "../../local/engine/scripted-run.ts";

export interface CloudProgram {
  /** Folder in `programs`, which is also the name of the project. */
  program: string;
  /** Name of the cloud's package. */
  cloud: string;
  /** What the cloud adds to a resource. */
  outputs: (type: string, name: string, inputs: PropertyMap) => Record<string, unknown>;
  /** What functions of the cloud's package return. @default - it has none */
  functions?: Record<string, PropertyMap>;
  /** Nodes that go before the cluster and with which ends what goes with it, by the cluster's name. @default - the cluster's own */
  nodes?: Readonly<Record<string, readonly string[]>>;
  /** What goes with something and holds no more than values of what it needs: it may stay a while after that. @default - none */
  onlyValues?: readonly string[];
}

/** From when to when a resource was there. The numbers count what happened in the clouds, one after the other. */
export interface Lifetime {
  createBegan: number;
  createEnded: number;
  deleteBegan?: number;
  deleteEnded?: number;
}

/** How to run a program of this folder. */
export function engineOptions({ program }: CloudProgram, protect: boolean): EngineOptions {
  return {
    projectDir: path.join(import.meta.dirname, "programs", program),
    stack: "test",
    backendDir: temporaryFolder(),
    passphrase: "correct horse",
    config: { protect: String(protect) },
    env: { PATH: process.env["PATH"], HOME: "/nonexistent" }, // without any way to a cloud
  };
}

/** A cloud and a cluster in which everything works, and takes a moment. */
export class FakeClouds {
  readonly lifetimes = new Map<string, Lifetime>();
  readonly #of: CloudProgram;
  #now = 0;

  constructor(of: CloudProgram) {
    this.#of = of;
  }

  readonly providers = (name: string): Provider | undefined => {
    if (name === "kubernetes") return this.#provider((_type, _name, inputs) => inputs);
    return name === this.#of.cloud ? this.#provider(this.#of.outputs) : undefined;
  };

  #provider(outputs: CloudProgram["outputs"]): Provider {
    const { lifetimes } = this;
    const made = (type: string, name: string, inputs: PropertyMap): PropertyMap =>
      outputs(type, name, inputs) as PropertyMap;
    return {
      configure: async () => undefined,
      check: async (_context, _olds, news) => ({ inputs: news, failures: [] }),
      diff: async () => ({ changes: false, replaces: [], deleteBeforeReplace: false, detailedDiff: {} }),
      create: async ({ urn, type, name }, inputs, { preview }) => {
        if (preview) return { id: "", outputs: inputs };
        if (lifetimes.has(urn)) throw new Error(`${urn} is there already`);
        const lifetime = { createBegan: this.#now++, createEnded: Infinity };
        lifetimes.set(urn, lifetime);
        await sleep(3);
        lifetime.createEnded = this.#now++;
        return { id: `${name}-id`, outputs: made(type, name, inputs) };
      },
      read: async ({ type, name }, id, inputs = {}) => ({ id, inputs, outputs: made(type, name, inputs) }),
      update: async (_context, _id, _oldInputs, oldOutputs) => ({ outputs: oldOutputs }),
      delete: async ({ urn }) => {
        const lifetime = lifetimes.get(urn);
        if (lifetime === undefined || lifetime.deleteBegan !== undefined)
          throw new Error(`${urn} is not there`);
        lifetime.deleteBegan = this.#now++;
        await sleep(3);
        lifetime.deleteEnded = this.#now++;
      },
      invoke: async (token) => {
        const result = this.#of.functions?.[token];
        if (result === undefined) throw new Error(`unexpected call of ${token}`);
        return result;
      },
      close: async () => undefined,
    };
  }
}
