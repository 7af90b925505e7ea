import { readdir } from "node:fs/promises";

/** Returns the names of the stacks that have a file in a folder, sorted. */
export async function stacksOf(root: string): Promise<string[]> {
  const names = (await readdir(root)).map((file) => /^Pulumi\.([a-z0-9][a-z0-9-]*)\.yaml$/.exec(file)?.[1]);
  return names.filter((name) => name !== undefined).sort();
}
