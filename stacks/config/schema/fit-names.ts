import type { SecretsConfig } from "./secrets.ts";
import type { Refuse } from "./refuse.ts";

export interface NamedParts {
  environments: Readonly<Record<string, { services: Readonly<Record<string, unknown>> }>>;
  secrets: SecretsConfig;
}

/** Namespaces of the platform itself. */
export const PLATFORM_NAMESPACES = ["platform", "monitoring"] as const;

/** Namespaces that a cluster has already, or that parts of the platform make for themselves. */
const RESERVED = new Set<string>([...PLATFORM_NAMESPACES, "default", "gpu-system"]);

/** What a service makes beside itself: its metrics Service and its drift job. */
const COMPANIONS = { metrics: "its metrics", drift: "its drift job" } as const;

/** Refuses environments that are somebody else's namespace, and names that would belong to two things at once. */
export function fitNames({ environments, secrets }: NamedParts, refuse: Refuse): void {
  for (const environment of Object.keys(environments))
    if (RESERVED.has(environment) || environment.startsWith("kube-"))
      refuse(
        ["environments", environment],
        `must have another name: the namespace ${environment} is the platform's or the cluster's own`,
      );
  for (const [environment, { services }] of Object.entries(environments))
    for (const service of Object.keys(services))
      for (const [suffix, what] of Object.entries(COMPANIONS))
        if (`${service}-${suffix}` in services)
          refuse(
            ["environments", environment, "services", `${service}-${suffix}`],
            `must have another name: ${service} beside it calls ${what} so`,
          );
  for (const [namespace, own] of Object.entries(secrets.namespaces))
    if (Object.keys(own).length > 0 && `${namespace}-secrets` in (environments[namespace]?.services ?? {}))
      refuse(
        ["environments", namespace, "services", `${namespace}-secrets`],
        "must have another name: what reads the secrets of this environment has it",
      );
  refuseSharedNames({ environments, secrets }, refuse);
}

/**
 * Components and identities are named `<environment>-<service>`: service `eu-fraud` of `prod` and service `fraud` of
 * `prod-eu` would be one.
 */
function refuseSharedNames({ environments, secrets }: NamedParts, refuse: Refuse): void {
  const owners = new Map<string, string>([["platform-training", "the training jobs of the platform"]]);
  const readers = Object.keys(secrets.namespaces).filter(
    (namespace) => Object.keys(secrets.namespaces[namespace] ?? {}).length > 0,
  );
  for (const namespace of readers)
    owners.set(`${namespace}-secrets`, `what reads the secrets of ${namespace}`);
  for (const [environment, { services }] of Object.entries(environments))
    for (const service of Object.keys(services))
      for (const name of [`${environment}-${service}`, `${environment}-${service}-drift`]) {
        const owner = owners.get(name);
        if (owner !== undefined)
          refuse(
            ["environments", environment, "services", service],
            `must have another name: ${name} is also ${owner}`,
          );
        else
          owners.set(
            name,
            `${service} of ${environment}${name.endsWith("-drift") ? ", or its drift job" : ""}`,
          );
      }
}
