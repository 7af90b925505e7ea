import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { BadInput } from "../errors.ts";

/**
 * Returns the entries of the Secret that a source names, by their names; none if it names no Secret. Kubernetes lays each Secret out as
 * a folder with a file for each entry; a host has the same folders. A line break at the end of an entry is left out.
 * Throws BadInput if there is no such folder, or no entry in it. No message has a value.
 */
export async function readCredentials(
  workload: string,
  secret: string | undefined,
  folder: string,
): Promise<Record<string, string>> {
  if (secret === undefined) return {};
  const own = join(folder, secret);
  // Kubernetes' own links beside the entries begin with two dots.
  const names = (await readdir(own).catch(() => [])).filter((name) => !name.startsWith(".."));
  if (names.length === 0)
    throw new BadInput(
      `${workload}: source.credentials.secret must name a Secret with entries, got ${secret}, which has none in ${own}; ` +
        `in a cluster list ${secret} in slipway:sources.secrets and create the Secret; on this machine write a file for each entry to that folder`,
    );
  const entries = names.map(async (name): Promise<[string, string]> => [
    name,
    (await readFile(join(own, name), "utf8")).replace(/\r?\n$/, ""),
  ]);
  return Object.fromEntries(await Promise.all(entries));
}
