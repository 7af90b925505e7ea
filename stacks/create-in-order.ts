import type * as pulumi from "@pulumi/pulumi";

/** The result of one item, and the component that was created last for it. */
export interface Created<Out> {
  value: Out;
  last: pulumi.Resource;
}

/**
 * Creates the components of each item in order. Waits so that at most `ahead` items are not registered at the engine yet: otherwise a
 * stack with thousands of resources would hold all of them in memory before the engine gets the first. Two keep both programs busy.
 */
export async function createInOrder<In, Out>(
  items: readonly In[],
  create: (item: In) => Created<Out>,
  ahead = 2,
): Promise<Out[]> {
  const registered: Promise<unknown>[] = [];
  const values: Out[] = [];
  for (const item of items) {
    await registered.at(-ahead);
    const { value, last } = create(item);
    registered.push(new Promise((resolve) => last.urn.apply(resolve)));
    values.push(value);
  }
  return values;
}
