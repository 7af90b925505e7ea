import { beforeAll, expect, test } from "vitest";
import { preview } from "../../../local/engine/engine.ts";
import { engineOptions, type CloudProgram } from "./fake-clouds.ts";
import { Lifetimes, nameOf } from "./lifetimes.ts";

/** Names of two resources: `needed` must exist as long as `thing` exists. `why` is the reason if it is not obvious. */
export type Need = readonly [needed: string, thing: string, why?: string];

/** Tests the life of a whole stack: each resource is created after its dependencies and deleted before them, and none is left. */
export function livesInOrder(cloud: CloudProgram, needs: readonly Need[]): void {
  let lifetimes: Lifetimes;
  beforeAll(async () => {
    lifetimes = await Lifetimes.record(cloud);
  }, 120_000);

  test("nothing is left in the state or in the cloud", () => {
    expect(lifetimes.left).toEqual([]);
    const alive = lifetimes.created.filter((urn) => !lifetimes.wasDeleted(lifetimes.deletedAs(urn)));
    expect(alive.map(nameOf)).toEqual([]);
  });

  test("a resource with deletedWith is not deleted by itself", () => {
    const going = lifetimes.created.filter((urn) => lifetimes.deletedAs(urn) !== urn);
    expect(going.length).toBeGreaterThan(5);
    expect(going.filter((urn) => lifetimes.wasDeleted(urn)).map(nameOf)).toEqual([]);
  });

  test("every dependency of a resource is created before it and deleted after it", () => {
    const gaps = lifetimes.created.map((urn) =>
      lifetimes.needsOf(urn).map((needed) => lifetimes.gap(needed, urn)),
    );
    expect(gaps.flat().length).toBeGreaterThan(500);
    expect(gaps.flat().filter((gap) => gap !== undefined)).toEqual([]);
  });

  test("a first preview shows all resources without credentials, a cluster or a CLI", async () => {
    const { foundation, platform } = engineOptions(cloud, false);
    const planned: string[] = [];
    for (const options of [foundation, platform]) {
      const summary = await preview(options);
      expect(summary.failed).toEqual([]);
      planned.push(...(summary.planned ?? []).map(({ urn }) => urn));
    }
    expect(planned).toEqual(expect.arrayContaining(lifetimes.created));
  }, 60_000);

  for (const [needed, thing, why = "direct dependency"] of needs)
    test(`${needed} is created before ${thing} and deleted after it: ${why}`, () => {
      expect(lifetimes.gap(lifetimes.urn(needed), lifetimes.urn(thing))).toBeUndefined();
    });
}
