import { CustomObjectsApi, type KubeConfig } from "@kubernetes/client-node";
import { isNotFound } from "../kubernetes-error.ts";
import type { Problems } from "./problems.ts";

/** A kind of custom objects, as the API server names it in paths. */
export interface CustomKind {
  group: string;
  version: string;
  plural: string;
}

export interface CustomObjectsPlace {
  namespace: string;
  /** Part of the platform to which the objects belong, for a problem. */
  about: string;
}

/**
 * Calls `visit` with each object of a kind in some namespaces; a cluster without that kind has none. Adds a problem for each place whose
 * objects cannot be read.
 */
export async function eachCustomObject<T>(
  kube: KubeConfig,
  { kind, places }: { kind: CustomKind; places: readonly CustomObjectsPlace[] },
  { problems, fix }: { problems: Problems; fix: string },
  visit: (object: T, place: CustomObjectsPlace) => void,
): Promise<void> {
  const objects = kube.makeApiClient(CustomObjectsApi);
  await Promise.all(
    places.map((place) =>
      problems.attempt({ about: place.about, fix }, undefined, async () => {
        const found = (await objects
          .listNamespacedCustomObject({ ...kind, namespace: place.namespace })
          .catch((error: unknown) => {
            if (isNotFound(error)) return { items: [] };
            throw error;
          })) as { items: T[] };
        for (const object of found.items) visit(object, place);
      }),
    ),
  );
}
