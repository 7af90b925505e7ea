import { destroy, stackResources, up } from "../../../local/engine/engine.ts";
import { parseProviderReference } from "../../../local/engine/urn.ts";
import { engineOptions, FakeClouds, type CloudProgram, type Lifetime } from "./fake-clouds.ts";

/** A resource of the stack as it stood when it was up. */
interface Standing {
  needs: readonly string[];
  deletedWith: string | undefined;
}

/** What the life of a whole stack was, from `up` to `destroy`. */
export class Lifetimes {
  /** What was in the state after everything had been deleted. */
  readonly left: readonly string[];
  private readonly lifetimes: ReadonlyMap<string, Lifetime>;
  private readonly stack: ReadonlyMap<string, Standing>;
  readonly #nodes: Readonly<Record<string, readonly string[]>>;
  readonly #onlyValues: ReadonlySet<string>;
  readonly #closures = new Map<string, ReadonlySet<string>>();

  private constructor(
    cloud: CloudProgram,
    lifetimes: ReadonlyMap<string, Lifetime>,
    stack: ReadonlyMap<string, Standing>,
    left: readonly string[],
  ) {
    this.lifetimes = lifetimes;
    this.stack = stack;
    this.left = left;
    this.#nodes = cloud.nodes ?? {};
    this.#onlyValues = new Set(cloud.onlyValues);
  }

  /** Brings a program up in fake clouds and takes it down again. Throws where one of the two fails. */
  static async of(cloud: CloudProgram): Promise<Lifetimes> {
    const clouds = new FakeClouds(cloud);
    const options = { ...engineOptions(cloud, false), providers: clouds.providers };
    const upped = await up(options);
    if (!upped.ok) throw new Error(JSON.stringify([upped.failed, upped.diagnostics]));
    const stack = new Map(
      (await stackResources(options)).map((state) => [state["urn"] as string, standing(state)]),
    );
    const destroyed = await destroy(options);
    if (!destroyed.ok) throw new Error(JSON.stringify([destroyed.failed, destroyed.diagnostics]));
    const left = (await stackResources(options)).map((state) => state["urn"] as string);
    return new Lifetimes(cloud, clouds.lifetimes, stack, left);
  }

  /** Urns of what was created in the clouds. */
  get created(): string[] {
    return [...this.lifetimes.keys()];
  }

  /** Urn of the only resource of a name. Throws where there is none, or another. */
  urn(name: string): string {
    const found = this.created.filter((urn) => nameOf(urn) === name);
    if (found.length !== 1 || found[0] === undefined) throw new Error(`${found.length} resources ${name}`);
    return found[0];
  }

  /** What is deleted in its stead: itself, or what it goes with. */
  deletedAs(urn: string): string {
    const owner = this.stack.get(urn)?.deletedWith;
    return owner === undefined ? urn : this.deletedAs(owner);
  }

  /** Whether a resource was deleted by itself. */
  wasDeleted(urn: string): boolean {
    return this.lifetimes.get(urn)?.deleteBegan !== undefined;
  }

  /** Everything that was created in the clouds and that a resource needs, however many lie between. */
  needsOf(urn: string): string[] {
    return [...this.#closure(urn)].filter((needed) => this.lifetimes.has(needed));
  }

  /**
   * Why one resource was not there for all of another's life; undefined where it was. Both what happened and what the stack
   * says is asked: two that do not know of each other may come in the right order by luck. Of two that go with the same
   * third no order is asked, as the cloud deletes both.
   */
  gap(needed: string, thing: string): string | undefined {
    const pair = `${nameOf(needed)} for ${nameOf(thing)}`;
    if (!this.#closure(thing).has(needed)) return `${pair}: the stack does not say that it is needed`;
    if (this.#lifetime(needed).createEnded > this.#lifetime(thing).createBegan)
      return `${pair}: made too late`;
    const [firstGone, thenGone] = [this.deletedAs(needed), this.deletedAs(thing)];
    if (firstGone === thenGone) return undefined;
    if (this.#onlyValues.has(nameOf(thing))) return undefined;
    const gaps = this.#lastOf(thenGone).map((last) => {
      const why = last === thing ? pair : `${pair}, which goes with ${nameOf(last)}`;
      if (last !== firstGone && !this.#closure(last).has(firstGone)) return `${why}: that does not need it`;
      const { deleteBegan = Infinity } = this.#lifetime(firstGone);
      const { deleteEnded = Infinity } = this.#lifetime(last);
      return last === firstGone || deleteEnded < deleteBegan ? undefined : `${why}: deleted too early`;
    });
    return gaps.includes(undefined) ? undefined : gaps[0];
  }

  /** With what a resource really ends: nothing runs in a cluster without nodes. */
  #lastOf(urn: string): string[] {
    const nodes = this.#nodes[nameOf(urn)];
    return nodes === undefined ? [urn] : nodes.map((name) => this.urn(name));
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

/** Last part of a urn: the name that the program gave. */
export function nameOf(urn: string): string {
  return urn.slice(urn.lastIndexOf("::") + 2);
}

function standing(state: Awaited<ReturnType<typeof stackResources>>[number]): Standing {
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
