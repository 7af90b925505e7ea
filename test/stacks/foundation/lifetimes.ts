import { destroy, stackResources, up } from "../../../local/engine/engine.ts";
import { parseProviderReference } from "../../../local/engine/urn.ts";
import { FOUNDATION_STACK } from "./foundation-stack.ts";
import { engineOptions, FakeClouds, type CloudProgram, type Lifetime } from "./fake-clouds.ts";

/** A resource in the state after `up`. */
interface DeployedResource {
  needs: readonly string[];
  deletedWith: string | undefined;
}

/** The lifetimes of all resources of a foundation and of the platform on it, from `up` to `destroy`. */
export class Lifetimes {
  /** Urns that were still in the state after `destroy`. */
  readonly left: readonly string[];
  private readonly lifetimes: ReadonlyMap<string, Lifetime>;
  private readonly stack: ReadonlyMap<string, DeployedResource>;
  readonly #nodes: Readonly<Record<string, readonly string[]>>;
  readonly #onlyValues: ReadonlySet<string>;
  readonly #closures = new Map<string, ReadonlySet<string>>();

  private constructor(
    cloud: CloudProgram,
    lifetimes: ReadonlyMap<string, Lifetime>,
    stack: ReadonlyMap<string, DeployedResource>,
    left: readonly string[],
  ) {
    this.lifetimes = lifetimes;
    this.stack = stack;
    this.left = left;
    this.#nodes = cloud.nodes ?? {};
    this.#onlyValues = new Set(cloud.onlyValues);
  }

  /** Deploys both stacks of a program to fake clouds, and destroys them again in the other order. Throws if one of the runs fails. */
  static async record(cloud: CloudProgram): Promise<Lifetimes> {
    const clouds = new FakeClouds(cloud);
    const { foundation, platform } = engineOptions(cloud, false);
    const stacks = [foundation, platform].map((options) => ({ ...options, providers: clouds.providers }));
    const stack = new Map<string, DeployedResource>();
    for (const options of stacks) {
      const deployed = await up(options);
      if (!deployed.ok) throw new Error(JSON.stringify([deployed.failed, deployed.diagnostics]));
      for (const state of await stackResources(options))
        stack.set(state["urn"] as string, deployedResource(state));
    }
    const left: string[] = [];
    for (const options of stacks.reverse()) {
      const destroyed = await destroy(options);
      if (!destroyed.ok) throw new Error(JSON.stringify([destroyed.failed, destroyed.diagnostics]));
      left.push(...(await stackResources(options)).map((state) => state["urn"] as string));
    }
    return new Lifetimes(cloud, clouds.lifetimes, stack, left);
  }

  /** Urns of the resources that were created in the clouds. */
  get created(): string[] {
    return [...this.lifetimes.keys()];
  }

  /** Returns the urn of the resource with a name. Throws if there is none, or several. */
  urn(name: string): string {
    const found = this.created.filter((urn) => nameOf(urn) === name);
    if (found.length !== 1 || found[0] === undefined) throw new Error(`${found.length} resources ${name}`);
    return found[0];
  }

  /** Returns the resource whose deletion deletes this one: itself, or the end of its `deletedWith` chain. */
  deletedAs(urn: string): string {
    const owner = this.stack.get(urn)?.deletedWith;
    return owner === undefined ? urn : this.deletedAs(owner);
  }

  /** Whether the resource itself was deleted in the cloud. */
  wasDeleted(urn: string): boolean {
    return this.lifetimes.get(urn)?.deleteBegan !== undefined;
  }

  /** Returns the direct and indirect dependencies of a resource that were created in the clouds. */
  needsOf(urn: string): string[] {
    return [...this.#closure(urn)].filter((needed) => this.lifetimes.has(needed));
  }

  /**
   * Returns why `needed` did not exist for the whole life of `thing`; undefined if it did. Checks the dependencies in the state too, because
   * independent resources may be created in the right order by chance. Two resources that are deleted with the same third one need no
   * order, because the cloud deletes both.
   */
  gap(needed: string, thing: string): string | undefined {
    const pair = `${nameOf(needed)} for ${nameOf(thing)}`;
    if (!this.#dependsOn(thing, needed)) return `${pair}: the state has no such dependency`;
    if (this.#lifetime(needed).createEnded > this.#lifetime(thing).createBegan)
      return `${pair}: created too late`;
    const [firstGone, thenGone] = [this.deletedAs(needed), this.deletedAs(thing)];
    if (firstGone === thenGone) return undefined;
    if (this.#onlyValues.has(nameOf(thing))) return undefined;
    const gaps = this.#endsWith(thenGone).map((last) => {
      const why = last === thing ? pair : `${pair}, which is deleted with ${nameOf(last)}`;
      if (last !== firstGone && !this.#dependsOn(last, firstGone))
        return `${why}: that does not depend on it`;
      const { deleteBegan = Infinity } = this.#lifetime(firstGone);
      const { deleteEnded = Infinity } = this.#lifetime(last);
      return last === firstGone || deleteEnded < deleteBegan ? undefined : `${why}: deleted too early`;
    });
    return gaps.includes(undefined) ? undefined : gaps[0];
  }

  /** Returns the resources whose deletion ends a resource: for a cluster its nodes, because pods need nodes. */
  #endsWith(urn: string): string[] {
    const nodes = this.#nodes[nameOf(urn)];
    return nodes === undefined ? [urn] : nodes.map((name) => this.urn(name));
  }

  /** Whether the state has the dependency, or the stacks have it: a platform is deployed after its foundation, and destroyed before it. */
  #dependsOn(thing: string, needed: string): boolean {
    return this.#closure(thing).has(needed) || (isInFoundation(needed) && !isInFoundation(thing));
  }

  #lifetime(urn: string): Lifetime {
    const lifetime = this.lifetimes.get(urn);
    if (lifetime === undefined) throw new Error(`${urn} was never created`);
    return lifetime;
  }

  #closure(urn: string): ReadonlySet<string> {
    let closure = this.#closures.get(urn);
    if (closure === undefined) {
      const all = new Set<string>();
      for (const needed of this.stack.get(urn)?.needs ?? []) {
        all.add(needed);
        for (const further of this.#closure(needed)) all.add(further);
      }
      this.#closures.set(urn, (closure = all));
    }
    return closure;
  }
}

function isInFoundation(urn: string): boolean {
  return urn.startsWith(`urn:pulumi:${FOUNDATION_STACK}::`);
}

/** Returns the last part of a urn, the name of the resource in the program. */
export function nameOf(urn: string): string {
  return urn.slice(urn.lastIndexOf("::") + 2);
}

function deployedResource(state: Awaited<ReturnType<typeof stackResources>>[number]): DeployedResource {
  const {
    dependencies = [],
    propertyDependencies = {},
    parent,
    deletedWith,
    provider,
  } = state as {
    dependencies?: string[];
    propertyDependencies?: Record<string, string[]>;
    parent?: string;
    deletedWith?: string;
    provider?: string;
  };
  const needs = [...dependencies, ...Object.values(propertyDependencies).flat()];
  if (parent !== undefined) needs.push(parent);
  if (deletedWith !== undefined) needs.push(deletedWith);
  if (provider !== undefined) needs.push(parseProviderReference(provider).urn);
  return { needs: [...new Set(needs)], deletedWith };
}
