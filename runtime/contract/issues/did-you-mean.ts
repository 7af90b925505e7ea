import { nearestName } from "./nearest-name.ts";

/** Returns `; did you mean NAME?` for the known name nearest to `name`, and an empty text where no name is near. */
export function didYouMean(name: string, known: Iterable<string>): string {
  const near = nearestName(name, known);
  return near === undefined || near === name ? "" : `; did you mean ${near}?`;
}
