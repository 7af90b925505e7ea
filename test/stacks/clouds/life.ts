import { join } from "node:path";
import { z } from "zod";
import { destroy, stackResources, up, type EngineOptions } from "../../../local/engine/engine.ts";
import type { PropertyMap, Provider, ProviderFactory } from "../../../local/engine/providers/provider.ts";
import { temporaryFolder } from "../../local/engine/scripted-run.ts";

/** What a provider would add to the inputs of a resource. */
export type FakeOutputs = (
  type: string,
  name: string,
  inputs: Record<string, unknown>,
) => Record<string, unknown>;

/** A stack that went up and down again, in clouds and clusters in which everything works at once. */
export interface Life {
  /** URNs, in order. */
  created: string[];
  deleted: string[];
  /** URN → the URNs that it directly needs. */
  needs: Map<string, string[]>;
  /** URN → the URN of what takes it along when it is deleted. */
  goesWith: Map<string, string>;
  /** What the state still has at the end. */
  left: number;
}

export const programOptions = (program: string, protect = false): EngineOptions => ({
  projectDir: join(import.meta.dirname, "programs", program),
  stack: "test",
  backendDir: "",
  passphrase: "correct horse",
  config: { protect: String(protect) },
  env: { PATH: process.env["PATH"], HOME: "/nonexistent" }, // without any way to a cloud
});

/** Brings a program of `programs/` up and destroys it. Throws where either fails. */
export async function liveAndDie(program: string, outputs: Record<string, FakeOutputs>): Promise<Life> {
  const created: string[] = [];
  const deleted: string[] = [];
  const options: EngineOptions = {
    ...programOptions(program),
    backendDir: temporaryFolder(),
    providers: fakes(outputs, created, deleted),
  };
  const fine = ({ failed }: { failed: unknown[] }): void => {
    if (failed.length > 0) throw new Error(`${program}: ${JSON.stringify(failed)}`);
  };
  fine(await up(options));
  const resources = await stackResources(options);
  fine(await destroy(options));
  const states = z.array(stateSchema).parse(resources);
  return {
    created,
    deleted,
    needs: new Map(states.map((state) => [state.urn, directNeeds(state)])),
    goesWith: new Map(
      states.flatMap(({ urn, deletedWith }) =>
        deletedWith === undefined ? [] : [[urn, deletedWith] as const],
      ),
    ),
    left: (await stackResources(options)).length,
  };
}

const stateSchema = z.object({
  urn: z.string(),
  dependencies: z.array(z.string()).default([]),
  propertyDependencies: z.record(z.string(), z.array(z.string())).default({}),
  provider: z.string().optional(),
  parent: z.string().optional(),
  deletedWith: z.string().optional(),
});

function directNeeds({
  dependencies,
  propertyDependencies,
  provider,
  parent,
}: z.infer<typeof stateSchema>): string[] {
  return [
    ...dependencies,
    ...Object.values(propertyDependencies).flat(),
    ...(provider === undefined ? [] : [provider.slice(0, provider.lastIndexOf("::"))]),
    ...(parent === undefined ? [] : [parent]),
  ];
}

/** Fakes of the providers of some clouds, by package, and of Kubernetes. They note what they make and delete. */
export function fakes(
  outputs: Record<string, FakeOutputs>,
  created: string[],
  deleted: string[],
): ProviderFactory {
  const ofCluster: FakeOutputs = (_type, _name, inputs) => inputs;
  return (name) => {
    const own = name === "kubernetes" ? ofCluster : outputs[name];
    return own && fakeProvider(own, created, deleted);
  };
}

function fakeProvider(outputs: FakeOutputs, created: string[], deleted: string[]): Provider {
  const all = (type: string, name: string, inputs: PropertyMap): PropertyMap => ({
    ...inputs,
    ...(outputs(type, name, inputs) as PropertyMap),
  });
  return {
    configure: async () => undefined,
    check: async (_context, _olds, news) => ({ inputs: news, failures: [] }),
    diff: async () => ({ changes: false, replaces: [], deleteBeforeReplace: false, detailedDiff: {} }),
    create: async ({ urn, type, name }, inputs, { preview }) => {
      if (preview) return { id: "", outputs: inputs };
      created.push(urn);
      return { id: `${name}-id`, outputs: all(type, name, inputs) };
    },
    read: async ({ type, name }, id, inputs = {}) => ({ id, inputs, outputs: all(type, name, inputs) }),
    update: async (_context, _id, _oldInputs, oldOutputs) => ({ outputs: oldOutputs }),
    delete: async ({ urn }) => void deleted.push(urn),
    invoke: async (token) => ({ primaryKey: `answer of ${token}` }),
    close: async () => undefined,
  };
}

export const nameOf = (urn: string): string => urn.split("::").at(-1) ?? "";

/** Each resource that came before what it needs, or outlived it: a sentence each. */
export function orderFaults({ created, deleted, needs, goesWith }: Life): string[] {
  const createdAt = new Map(created.map((urn, index) => [urn, index]));
  const deletedAt = new Map(deleted.map((urn, index) => [urn, index]));
  const isGone = (urn: string): boolean => {
    const owner = goesWith.get(urn);
    return deletedAt.has(urn) || (owner !== undefined && isGone(owner));
  };
  const faults: string[] = [];
  for (const urn of created) {
    if (!isGone(urn)) faults.push(`${nameOf(urn)} was never deleted`);
    const [made, gone] = [createdAt.get(urn) ?? -1, deletedAt.get(urn)];
    for (const need of allNeeds(urn, needs)) {
      if ((createdAt.get(need) ?? -1) > made) faults.push(`${nameOf(urn)} was made before ${nameOf(need)}`);
      // What goes with a dying cluster or namespace stops working a moment before it goes.
      if (gone !== undefined && (deletedAt.get(need) ?? Infinity) < gone)
        faults.push(`${nameOf(urn)} outlived ${nameOf(need)}`);
    }
  }
  return faults;
}

/** What a resource needs, however much lies between: components and providers, which no cloud makes, too. */
function allNeeds(urn: string, needs: Life["needs"]): Set<string> {
  const seen = new Set<string>();
  const open = [urn];
  for (let next = open.pop(); next !== undefined; next = open.pop())
    for (const need of needs.get(next) ?? [])
      if (!seen.has(need) && need !== urn) {
        seen.add(need);
        open.push(need);
      }
  return seen;
}

/** Whether one is there only while the other is: made after it, and gone before it or with it. */
export function outlivedBy({ created, deleted }: Life, thing: string, needed: string): boolean {
  const at = (urns: string[], name: string): number => urns.findIndex((urn) => nameOf(urn) === name);
  const [made, madeBefore] = [at(created, thing), at(created, needed)];
  const [gone, goneAfter] = [at(deleted, thing), at(deleted, needed)];
  if (made < 0 || madeBefore < 0) throw new Error(`${thing} and ${needed} must both be made`);
  return madeBefore < made && (gone < 0 || goneAfter < 0 || gone < goneAfter);
}
