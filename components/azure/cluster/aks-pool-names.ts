import { guidV5 } from "../names.ts";

/** Longest name of a Linux node pool. @see https://learn.microsoft.com/azure/aks/create-node-pools */
const LONGEST = 12;

/**
 * Returns the name of a node pool in AKS: the lower-case letters and digits of the given name. If that differs from the given
 * name or is too long, the last four characters are a hash of the given name, so that `gpu-a` and `gpua` differ.
 */
export function aksPoolName(name: string): string {
  const plain = name.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
  if (plain === name && plain.length <= LONGEST) return plain;
  return `${plain.slice(0, LONGEST - 4)}${guidV5(name).slice(0, 4)}`;
}

/** Returns the names in AKS by the given names. Throws if a name does not start with a letter, or if two names become the same. */
export function aksPoolNames(names: readonly string[], owner: string): ReadonlyMap<string, string> {
  const taken = new Map<string, string>();
  return new Map(
    names.map((name) => {
      const poolName = aksPoolName(name);
      const other = taken.get(poolName);
      if (!/^[a-z]/.test(poolName))
        throw new Error(`${owner}: name of a node pool must start with a letter, got ${name}`);
      if (other !== undefined)
        throw new Error(
          `${owner}: names of node pools must stay different in AKS, got ${other} and ${name}, which both become ${poolName}; rename one`,
        );
      taken.set(poolName, name);
      return [name, poolName] as const;
    }),
  );
}
