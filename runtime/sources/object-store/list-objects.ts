import { matchFiles } from "../../contract/match-files.ts";
import { MAX_SOURCE_OBJECTS } from "../../contract/source-manifest.ts";
import type { ObjectStoreFields } from "../../contract/sources/object-store-fields.ts";
import { BadInput } from "../../errors.ts";
import type { RequestOwner } from "../send-request.ts";
import type { ListedObject, ListedPage, ObjectStore } from "./object-store.ts";

/** An object with its name in the source. */
export interface NamedObject extends ListedObject {
  /** Key relative to the prefix of the source. */
  name: string;
}

/**
 * Returns the objects of a source, sorted by name. Markers of folders, whose names end with a slash, are left out.
 * Throws BadInput if a pattern matches none, or if there are too many.
 *
 * @param retried - calls a function again while it throws Unavailable
 */
export async function listObjects(
  store: ObjectStore,
  { prefix = "", files = ["**"] }: Pick<ObjectStoreFields, "prefix" | "files">,
  owner: RequestOwner,
  retried: <T>(work: () => Promise<T>) => Promise<T>,
): Promise<NamedObject[]> {
  const folder = prefix === "" || prefix.endsWith("/") ? prefix : `${prefix}/`;
  const found = new Map<string, NamedObject>();
  const matched = new Set<string>();
  for (const start of listedPrefixes(files)) {
    let next: string | undefined;
    do {
      const page: ListedPage = await retried(() => store.list(`${folder}${start}`, next, owner));
      const byName = new Map(page.objects.map((object) => [object.key.slice(folder.length), object]));
      const names = [...byName.keys()].filter((name) => name !== "" && !name.endsWith("/"));
      for (const pattern of files)
        for (const name of matchFiles(pattern, names)) {
          matched.add(pattern);
          found.set(name, { ...byName.get(name)!, name });
        }
      if (found.size > MAX_SOURCE_OBJECTS)
        throw new BadInput(
          `${owner.what} must have at most ${MAX_SOURCE_OBJECTS} objects, got more; narrow source.prefix or source.files, or put small objects together`,
        );
      next = page.next;
    } while (next !== undefined);
  }
  for (const pattern of files)
    if (!matched.has(pattern))
      throw new BadInput(
        `${owner.what}: source.files must match an object below ${store.name}/${folder}, got ${pattern}; correct source.prefix or source.files`,
      );
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Returns the shortest list of beginnings that all names which the patterns match have. */
export function listedPrefixes(patterns: readonly string[]): string[] {
  const starts = [...new Set(patterns.map((pattern) => pattern.replace(/\*.*$/s, "")))].sort();
  return starts.filter(
    (start, index) => !starts.slice(0, index).some((earlier) => start.startsWith(earlier)),
  );
}
