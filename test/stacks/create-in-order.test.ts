import * as pulumi from "@pulumi/pulumi";
import { expect, test } from "vitest";
import { createInOrder } from "../../stacks/create-in-order.ts";
import { record } from "../components/record.ts";

class Thing extends pulumi.ComponentResource {
  constructor(name: string) {
    super("test:index:Thing", name);
    this.registerOutputs({});
  }
}

test("creates all items in order, with a limited number of unregistered ones", async () => {
  const unregistered: number[] = [];
  let values: string[] = [];
  await record(async () => {
    let open = 0;
    values = await createInOrder(
      ["a", "b", "c", "d", "e"],
      (name) => {
        unregistered.push(open++);
        const last = new Thing(name);
        last.urn.apply(() => open--);
        return { value: name.toUpperCase(), last };
      },
      2,
    );
  });
  expect(values).toEqual(["A", "B", "C", "D", "E"]);
  expect(unregistered[1]).toBe(1);
  expect(Math.max(...unregistered)).toBe(1);
});

test("creates nothing without items", async () => {
  expect(await createInOrder([], () => expect.unreachable())).toEqual([]);
});
