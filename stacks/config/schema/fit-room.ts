import type { ServiceConfig } from "./environment.ts";
import type { Refuse } from "./refuse.ts";

/** Defaults of the components: resources of a service's pods, and quota of an environment. */
export const SERVICE_DEFAULTS = { replicas: 2, cpuRequestMillis: 100, cpuLimitMillis: 1000, memoryMib: 768 };
export const QUOTA_DEFAULTS = { cpuRequestMillis: 4000, memoryMib: 16384, pods: 50 };
/** Resources of the drift job of each service. */
export const DRIFT_JOB = { cpuRequestMillis: 50, memoryMib: 768, pods: 1 };

type Resource = keyof typeof QUOTA_DEFAULTS;
type Amounts = Record<Resource, number>;

interface EnvironmentParts {
  services: Readonly<Record<string, ServiceConfig>>;
  quota: Partial<Record<Resource, number | undefined>>;
}

const UNITS: Record<Resource, string> = {
  cpuRequestMillis: "thousandths of a core",
  memoryMib: "MiB of memory",
  pods: "pods",
};

/** Refuses a request of CPU over its limit, an autoscaler without room, and services that do not fit the quota of their environment. */
export function fitRoom(environments: Readonly<Record<string, EnvironmentParts>>, refuse: Refuse): void {
  for (const [environment, { services, quota }] of Object.entries(environments)) {
    const inCluster = Object.entries(services).filter(([, { target }]) => target === undefined);
    for (const [name, service] of inCluster)
      checkService(service, ["environments", environment, "services", name], refuse);
    const needed = resourcesNeededBy(inCluster.map(([, service]) => service));
    for (const resource of Object.keys(QUOTA_DEFAULTS) as Resource[]) {
      const allowed = quota[resource] ?? QUOTA_DEFAULTS[resource];
      if (needed[resource] <= allowed) continue;
      const greatest = inCluster
        .map(([name, service]) => ({ name, amount: resourcesOf(service)[resource] * replicasOf(service) }))
        .sort((a, b) => b.amount - a.amount)[0];
      refuse(
        // Without a quota in the config, points at the service with the greatest need.
        quota[resource] === undefined && greatest !== undefined
          ? [
              "environments",
              environment,
              "services",
              greatest.name,
              ...fieldOf(resource, services[greatest.name]),
            ]
          : ["environments", environment, "quota", resource],
        `must fit the environment's quota of ${allowed} ${UNITS[resource]}: its services need ${needed[resource]}, ` +
          `including their drift jobs and one more pod for a rolling update`,
        `raise environments.${environment}.quota.${resource}, or lower ${greatest === undefined ? "replicas" : podsKeyOf(services[greatest.name])}`,
      );
    }
  }
}

function checkService(service: ServiceConfig, path: string[], refuse: Refuse): void {
  const { replicas = SERVICE_DEFAULTS.replicas, autoscaling } = service;
  if (autoscaling !== undefined && autoscaling.maxReplicas <= replicas)
    refuse(
      [...path, "autoscaling", "maxReplicas"],
      `must be more than replicas, which is ${replicas}${service.replicas === undefined ? " by default" : ""}`,
    );
  if (autoscaling?.external === true && autoscaling.cpuPercent !== undefined)
    refuse(
      [...path, "autoscaling", "cpuPercent"],
      "must be left out beside external: true, because your own autoscaler decides",
    );
  const { cpuRequestMillis = SERVICE_DEFAULTS.cpuRequestMillis } = service;
  const { cpuLimitMillis = SERVICE_DEFAULTS.cpuLimitMillis } = service;
  if (cpuRequestMillis <= cpuLimitMillis) return;
  if (service.cpuRequestMillis !== undefined)
    refuse(
      [...path, "cpuRequestMillis"],
      `must not be more than cpuLimitMillis, which is ${cpuLimitMillis}${service.cpuLimitMillis === undefined ? " by default" : ""}`,
    );
  else
    refuse(
      [...path, "cpuLimitMillis"],
      `must be at least cpuRequestMillis, which is ${cpuRequestMillis} by default`,
    );
}

/** Returns the resources of all services with their drift jobs, plus one more pod of the largest service for a rolling update. */
function resourcesNeededBy(services: readonly ServiceConfig[]): Amounts {
  const total = (resource: Resource): number =>
    services.reduce(
      (sum, service) => sum + resourcesOf(service)[resource] * replicasOf(service) + DRIFT_JOB[resource],
      0,
    ) + Math.max(0, ...services.map((service) => resourcesOf(service)[resource]));
  return { cpuRequestMillis: total("cpuRequestMillis"), memoryMib: total("memoryMib"), pods: total("pods") };
}

/** Returns the greatest number of pods of a service. */
export function replicasOf({ replicas = SERVICE_DEFAULTS.replicas, autoscaling }: ServiceConfig): number {
  return Math.max(replicas, autoscaling?.maxReplicas ?? 0);
}

function resourcesOf({ cpuRequestMillis, memoryMib }: ServiceConfig): Amounts {
  return {
    cpuRequestMillis: cpuRequestMillis ?? SERVICE_DEFAULTS.cpuRequestMillis,
    memoryMib: memoryMib ?? SERVICE_DEFAULTS.memoryMib,
    pods: 1,
  };
}

/** Returns the key with the greatest number of pods of a service. */
function podsKeyOf(service: ServiceConfig | undefined): string {
  return service?.autoscaling === undefined ? "replicas" : "autoscaling.maxReplicas";
}

/** Returns the path of the key to change in the service: its own amount of the resource, or the number of its pods. */
function fieldOf(resource: Resource, service: ServiceConfig | undefined): string[] {
  if (service?.autoscaling !== undefined) return podsKeyOf(service).split(".");
  return resource !== "pods" && service?.replicas === undefined && service?.[resource] !== undefined
    ? [resource]
    : ["replicas"];
}
