import { SPOT_FAMILIES } from "../../components/aws/cluster/spot-machines.ts";

/**
 * Returns every size of every family of which AWS may take nodes for a spot pool. Not each of them exists.
 * @param priced - the machines that have a price
 */
export function knownSpotMachines(priced: readonly string[]): string[] {
  const parts = priced.flatMap((machine) => {
    const [family, size, ...rest] = machine.split(".");
    return family === undefined || size === undefined || rest.length > 0 ? [] : [{ family, size }];
  });
  const families = new Set([...SPOT_FAMILIES, ...parts.map(({ family }) => family)]);
  const sizes = new Set(parts.map(({ size }) => size));
  return [...families].flatMap((family) => [...sizes].map((size) => `${family}.${size}`));
}
