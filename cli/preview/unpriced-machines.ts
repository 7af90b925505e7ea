import type { PricedCloud, PriceTable } from "../../cost/prices/price-table.ts";
import type { ConfigFault } from "../../stacks/config/describe-issues.ts";
import { nearestName } from "../../stacks/config/nearest-name.ts";
import type { FoundationStackConfig } from "../../stacks/config/schema.ts";

const CLOUD_OF_CLUSTER: Record<FoundationStackConfig["cluster"]["kind"], PricedCloud> = {
  eks: "aws",
  gke: "gcp",
  aks: "azure",
};

interface NamedMachine {
  path: readonly string[];
  machine: string;
  /** Text before the machine in the name of its price. @default "" */
  prefix?: string;
}

/**
 * Returns a warning for each machine in the config of a foundation that has no price in any region. Its name may have a typing error,
 * which the cloud would refuse only during the deployment.
 */
export function unpricedMachines(
  { cluster, cloud }: Pick<FoundationStackConfig, "cluster" | "cloud">,
  prices: PriceTable,
): ConfigFault[] {
  const skus = prices[CLOUD_OF_CLUSTER[cluster.kind]];
  return namedMachines({ cluster, cloud }).flatMap(({ path, machine, prefix = "" }): ConfigFault[] => {
    if (Object.hasOwn(skus, prefix + machine)) return [];
    const known = Object.keys(skus)
      .filter((sku) => skus[sku]?.unit === "hour" && sku.startsWith(prefix))
      .map((sku) => sku.slice(prefix.length));
    const near = nearestName(machine, known);
    const own = "add its price to prices.override.json";
    return [
      {
        path,
        kind: "wrong",
        message: `is a machine without a price, got ${JSON.stringify(machine)}: the estimate lacks its cost`,
        fix:
          near === undefined
            ? `make sure that the cloud has it, and ${own}`
            : `did you mean ${near}? If not, ${own}`,
      },
    ];
  });
}

function namedMachines({ cluster, cloud }: Pick<FoundationStackConfig, "cluster" | "cloud">): NamedMachine[] {
  const { nodePools, neuronPools, tpuPools } = cluster;
  const pools: [string, Readonly<Record<string, { machine?: string | undefined } | undefined>>][] = [
    ["nodePools", nodePools],
    ["neuronPools", neuronPools ?? {}],
    ["tpuPools", tpuPools ?? {}],
  ];
  const ofCluster = pools.flatMap(([key, byName]) =>
    Object.entries(byName).map(([name, pool]) => ({
      path: ["cluster", key, name, "machine"],
      machine: pool?.machine,
    })),
  );
  // Google Cloud bills a database of its own size by core and memory.
  const isCustom = cloud.database?.machine?.startsWith("db-custom-") === true;
  return [
    ...ofCluster,
    { path: ["cloud", "redis", "machine"], machine: cloud.redis?.machine },
    {
      path: ["cloud", "database", "machine"],
      machine: isCustom ? undefined : cloud.database?.machine,
      ...(cluster.kind === "aks" ? { prefix: "postgresql-" } : {}),
    },
  ].flatMap(({ machine, ...rest }) => (machine === undefined ? [] : [{ ...rest, machine }]));
}
