import type { ParsedConfig } from "../../stacks/config/check-config.ts";
import type { FoundationStackConfig, StackConfig } from "../../stacks/config/schema.ts";

/** A machine type that the config of a stack names. */
export interface NamedMachine {
  path: readonly string[];
  machine: string;
  /** Text before the name of the machine in the name of its price. @default "" */
  prefix?: string;
  /** Whether it is a further machine of a spot pool, whose price the estimate does not use. @default false */
  isSpotOnly?: boolean;
  /** Text in the name of the machine that the cloud's machines of the same size lack: `ml.` of SageMaker. @default "" */
  variant?: string;
}

type Candidate = Omit<NamedMachine, "machine"> & { machine: string | undefined };

/** Returns the machine types that the config of a stack names: of nodes, Redis and the database, or of targets of services. */
export function namedMachines({ layer, config }: ParsedConfig): NamedMachine[] {
  const candidates = layer === "foundation" ? foundationMachines(config) : targetMachines(config);
  return candidates.flatMap(({ machine, ...rest }) => (machine === undefined ? [] : [{ ...rest, machine }]));
}

function foundationMachines({ cluster, cloud }: FoundationStackConfig): Candidate[] {
  const { nodePools, gpuPools, neuronPools, tpuPools } = cluster;
  // Google Cloud bills a database of its own size by core and memory.
  const isCustom = cloud.database?.machine?.startsWith("db-custom-") === true;
  return [
    ...poolMachines("nodePools", nodePools),
    ...poolMachines("gpuPools", gpuPools),
    ...poolMachines("neuronPools", neuronPools ?? {}),
    ...poolMachines("tpuPools", tpuPools ?? {}),
    { path: ["cloud", "redis", "machine"], machine: cloud.redis?.machine },
    {
      path: ["cloud", "database", "machine"],
      machine: isCustom ? undefined : cloud.database?.machine,
      ...(cluster.kind === "aks" ? { prefix: "postgresql-" } : {}),
    },
  ];
}

interface Pool {
  machine?: string | undefined;
  spotMachines?: readonly string[] | undefined;
}

function poolMachines(key: string, pools: Readonly<Record<string, Pool | undefined>>): Candidate[] {
  return Object.entries(pools).flatMap(([name, pool]) => [
    { path: ["cluster", key, name, "machine"], machine: pool?.machine },
    ...(pool?.spotMachines ?? []).map((machine, index) => ({
      path: ["cluster", key, name, "spotMachines", String(index)],
      machine,
      isSpotOnly: true,
    })),
  ]);
}

function targetMachines({ environments }: StackConfig): Candidate[] {
  return Object.entries(environments).flatMap(([environment, { services }]) =>
    Object.entries(services).flatMap(([service, { target }]): Candidate[] => {
      const path = ["environments", environment, "services", service, "target"];
      if (target?.kind === "sagemaker")
        return [{ path: [...path, "instanceType"], machine: target.instanceType, variant: "ml." }];
      if (target?.kind === "azure-ml")
        return [{ path: [...path, "instanceType"], machine: target.instanceType }];
      if (target?.kind === "vertex") return [{ path: [...path, "machineType"], machine: target.machineType }];
      return [];
    }),
  );
}
