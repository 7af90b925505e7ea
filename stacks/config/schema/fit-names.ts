import type { SecretsConfig } from "./secrets.ts";
import type { Refuse } from "./refuse.ts";

export interface NamedParts {
  environments: Readonly<Record<string, { services: Readonly<Record<string, unknown>> }>>;
  secrets: SecretsConfig;
}

/** Namespaces of the platform itself. */
export const PLATFORM_NAMESPACES = ["platform", "monitoring"] as const;

/** Namespaces that every cluster has, or that the platform creates for itself. */
const RESERVED = new Set<string>([...PLATFORM_NAMESPACES, "default", "gpu-system"]);

/** Suffix → object with this suffix that is created for each service. */
const COMPANIONS = { metrics: "the metrics Service", drift: "the drift job" } as const;

/** Refuses an environment with the name of a reserved namespace, and a service with a name that another object has. */
export function fitNames({ environments, secrets }: NamedParts, refuse: Refuse): void {
  for (const environment of Object.keys(environments))
    if (RESERVED.has(environment) || environment.startsWith("kube-"))
      refuse(
        ["environments", environment],
        `must have another name: the platform or the cluster uses the namespace ${environment} itself`,
      );
  for (const [environment, { services }] of Object.entries(environments))
    for (const service of Object.keys(services))
      for (const [suffix, companion] of Object.entries(COMPANIONS))
        if (`${service}-${suffix}` in services)
          refuse(
            ["environments", environment, "services", `${service}-${suffix}`],
            `must have another name: ${companion} of ${service} has this name`,
          );
  for (const [namespace, namespaceSecrets] of Object.entries(secrets.namespaces))
    if (
      Object.keys(namespaceSecrets).length > 0 &&
      `${namespace}-secrets` in (environments[namespace]?.services ?? {})
    )
      refuse(
        ["environments", namespace, "services", `${namespace}-secrets`],
        "must have another name: the service account that reads the secrets of this environment has it",
      );
  refuseSharedNames({ environments, secrets }, refuse);
}

/**
 * Refuses two services with the same name of component and identity, which is `<environment>-<service>`: service `eu-fraud` of `prod` and
 * service `fraud` of `prod-eu`.
 */
function refuseSharedNames({ environments, secrets }: NamedParts, refuse: Refuse): void {
  const owners = new Map<string, string>([["platform-training", "the training jobs of the platform"]]);
  const readers = Object.keys(secrets.namespaces).filter(
    (namespace) => Object.keys(secrets.namespaces[namespace] ?? {}).length > 0,
  );
  for (const namespace of readers)
    owners.set(`${namespace}-secrets`, `the service account that reads the secrets of ${namespace}`);
  for (const [environment, { services }] of Object.entries(environments))
    for (const service of Object.keys(services))
      for (const name of [`${environment}-${service}`, `${environment}-${service}-drift`]) {
        const owner = owners.get(name);
        if (owner !== undefined)
          refuse(
            ["environments", environment, "services", service],
            `must have another name: ${name} is also the name of ${owner}`,
          );
        else
          owners.set(
            name,
            `${service} of ${environment}${name.endsWith("-drift") ? ", or its drift job" : ""}`,
          );
      }
}
