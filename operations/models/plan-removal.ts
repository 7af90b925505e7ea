import { LATEST, MODEL_ALIASES } from "../../runtime/contract/moving-tags.ts";
import type { InventoryItem } from "./model-inventory.ts";

/** Where a version is in use: `production/pushback of dev`, or the file that pins it. By reference. */
export type UsedModels = ReadonlyMap<string, readonly string[]>;

export interface RemovalPlan {
  remove: InventoryItem[];
  /** Bytes of their files. Files that several artifacts share count for each. */
  bytes: number;
}

/** Tags of a version that keep it. */
const KEEPING: readonly string[] = MODEL_ALIASES;

/** Returns why a version may not be removed; nothing if it may be. */
export function reasonsToKeep({ reference, tags }: InventoryItem, used: UsedModels): string[] {
  return [
    ...(used.get(reference) ?? []),
    ...tags.filter((tag) => KEEPING.includes(tag)).map((tag) => `tag ${tag}`),
  ];
}

/**
 * Plans the removal of every artifact that nobody uses: model versions that no service serves, no stack file pins, and that are neither
 * challenger nor champion nor the newest; and data, features, candidates and evaluations from which no kept model was made, and that
 * are not the newest.
 */
export function planPrune(items: readonly InventoryItem[], used: UsedModels): RemovalPlan {
  return planWithRoots(
    items,
    items.filter(
      (item) =>
        item.tags.includes(LATEST) || item.unreadable !== undefined || reasonsToKeep(item, used).length > 0,
    ),
  );
}

/** Plans the removal of one model version, and of those artifacts from which it alone was made and that are not the newest. */
export function planRemove(items: readonly InventoryItem[], removed: InventoryItem): RemovalPlan {
  const kept = items.filter((item) => item !== removed);
  const own = closure(items, [removed]);
  const roots = kept.filter(
    (item) => item.kind === "model" || item.tags.includes(LATEST) || !own.has(item.reference),
  );
  return planWithRoots(items, roots);
}

function planWithRoots(items: readonly InventoryItem[], roots: readonly InventoryItem[]): RemovalPlan {
  const kept = closure(items, roots);
  const remove = items.filter(({ reference }) => !kept.has(reference));
  return { remove, bytes: remove.reduce((sum, { bytes }) => sum + bytes, 0) };
}

/** Returns the references of some artifacts and of all from which they were made. */
function closure(items: readonly InventoryItem[], roots: readonly InventoryItem[]): Set<string> {
  const byReference = new Map(items.map((item) => [item.reference, item]));
  const found = new Set<string>();
  const open = [...roots];
  for (let item = open.pop(); item !== undefined; item = open.pop()) {
    if (found.has(item.reference)) continue;
    found.add(item.reference);
    open.push(...item.madeFrom.flatMap((reference) => byReference.get(reference) ?? []));
  }
  return found;
}
