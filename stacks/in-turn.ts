import type * as pulumi from "@pulumi/pulumi";

/** What was made, and the resource that is registered after the others that belong to it. */
export interface Made<Out> {
  value: Out;
  last: pulumi.Resource;
}

/**
 * Makes something of each item, in order, and never has more than `ahead` of them that are not registered yet. A program that
 * makes thousands of resources at once keeps all of them in memory, unsettled, before the engine hears of the first.
 */
export async function inTurn<In, Out>(
  items: readonly In[],
  make: (item: In) => Made<Out>,
  ahead = 25,
): Promise<Out[]> {
  const registered: Promise<unknown>[] = [];
  const values: Out[] = [];
  for (const item of items) {
    await registered.at(-ahead);
    const { value, last } = make(item);
    registered.push(new Promise((resolve) => last.urn.apply(resolve)));
    values.push(value);
  }
  return values;
}
