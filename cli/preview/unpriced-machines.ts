import type { PricedCloud, PriceTable } from "../../cost/prices/price-table.ts";
import type { ParsedConfig } from "../../stacks/config/check-config.ts";
import type { ConfigFault } from "../../runtime/contract/issues/describe-issues.ts";
import { knownSpotMachines } from "../../stacks/config/known-spot-machines.ts";
import { nearestName } from "../../runtime/contract/issues/nearest-name.ts";
import type { StackConfig } from "../../stacks/config/schema.ts";
import { namedMachines, type NamedMachine } from "./named-machines.ts";

const CLOUD_OF_CLUSTER: Record<StackConfig["cluster"]["kind"], PricedCloud | undefined> = {
  eks: "aws",
  gke: "gcp",
  aks: "azure",
  existing: undefined,
};

/**
 * Returns a warning for each machine in the config of a stack that has no price in any region. Its name may have a typing error, which
 * the cloud would refuse only during the deployment.
 */
export function unpricedMachines(parsed: ParsedConfig, prices: PriceTable): ConfigFault[] {
  const cloud = CLOUD_OF_CLUSTER[parsed.config.cluster.kind];
  if (cloud === undefined) return [];
  const skus = prices[cloud];
  return namedMachines(parsed).flatMap((named): ConfigFault[] => {
    const { path, machine, prefix = "", isSpotOnly = false } = named;
    const known = knownMachines(named, skus);
    if (Object.hasOwn(skus, prefix + machine) || (isSpotOnly && known.includes(machine))) return [];
    const near = nearestName(machine, known);
    const own = "add its price to prices.override.json";
    const rule = isSpotOnly ? "is a machine that Slipway does not know" : "is a machine without a price";
    return [
      {
        path,
        kind: "wrong",
        message: `${rule}, got ${JSON.stringify(machine)}${isSpotOnly ? "" : ": the estimate lacks its cost"}`,
        fix:
          near === undefined || near === machine
            ? `make sure that the cloud has it, and ${own}`
            : `did you mean ${near}? If not, ${own}`,
      },
    ];
  });
}

/** Returns the machines whose names a typing error may hide. SageMaker and spot pools have more machines of EC2 than have a price. */
function knownMachines(
  { prefix = "", variant = "", isSpotOnly = false }: NamedMachine,
  skus: PriceTable[PricedCloud],
): string[] {
  const priced = Object.keys(skus)
    .filter((sku) => skus[sku]?.unit === "hour" && sku.startsWith(prefix))
    .map((sku) => sku.slice(prefix.length));
  if (isSpotOnly) return knownSpotMachines(priced);
  return variant === ""
    ? priced
    : priced.map((machine) => (machine.startsWith(variant) ? machine : variant + machine));
}
