import { beforeAll, expect, test } from "vitest";
import { preview } from "../../../local/engine/engine.ts";
import { engineOptions, type CloudProgram } from "./fake-clouds.ts";
import { Lifetimes, nameOf } from "./lifetimes.ts";

/** What has to be there as long as something else is, by name, and why where that is not plain. */
export type Need = readonly [needed: string, thing: string, why?: string];

/** Tests of the life of a whole stack: nothing is made before what it needs, deleted after it, or left behind. */
export function livesInOrder(cloud: CloudProgram, needs: readonly Need[]): void {
  let lifetimes: Lifetimes;
  beforeAll(async () => {
    lifetimes = await Lifetimes.of(cloud);
  }, 120_000);

  test("nothing is left, neither in the state nor in the cloud", () => {
    expect(lifetimes.left).toEqual([]);
    const alive = lifetimes.created.filter((urn) => !lifetimes.wasDeleted(lifetimes.deletedAs(urn)));
    expect(alive.map(nameOf)).toEqual([]);
  });

  test("what goes with something else is not deleted by itself", () => {
    const going = lifetimes.created.filter((urn) => lifetimes.deletedAs(urn) !== urn);
    expect(going.length).toBeGreaterThan(5);
    expect(going.filter((urn) => lifetimes.wasDeleted(urn)).map(nameOf)).toEqual([]);
  });

  test("everything that a resource needs is there before it, and goes after it", () => {
    const gaps = lifetimes.created.map((urn) =>
      lifetimes.needsOf(urn).map((needed) => lifetimes.gap(needed, urn)),
    );
    expect(gaps.flat().length).toBeGreaterThan(500);
    expect(gaps.flat().filter((gap) => gap !== undefined)).toEqual([]);
  });

  test("a first preview shows all of it, without credentials, a cluster or a CLI", async () => {
    const summary = await preview({ ...engineOptions(cloud, false), unreachableClusters: "plan" });
    expect(summary.failed).toEqual([]);
    expect(summary.planned?.map(({ urn }) => urn)).toEqual(expect.arrayContaining(lifetimes.created));
  }, 60_000);

  for (const [needed, thing, why = "it needs it"] of needs)
    test(`${needed} is there before ${thing}, and goes after it: ${why}`, () => {
      expect(lifetimes.gap(lifetimes.urn(needed), lifetimes.urn(thing))).toBeUndefined();
    });
}
