import type { CloudConfig } from "./cloud.ts";
import type { ClusterConfig } from "./cluster.ts";
import type { ServiceConfig } from "./environment.ts";
import type { GatewayConfig } from "./gateway.ts";
import type { Refuse } from "./refuse.ts";

/** The parts of the config that gateways must fit. */
interface FittedConfig {
  cluster: ClusterConfig;
  cloud?: CloudConfig | undefined;
  environments: Readonly<
    Record<string, { services: Readonly<Record<string, ServiceConfig>>; gateway?: GatewayConfig | undefined }>
  >;
}

/** Kind of a cluster → how its gateways check callers. */
const AUTH_OF_CLUSTER: Record<"eks" | "gke", readonly GatewayConfig["auth"]["kind"][]> = {
  eks: ["api-keys", "jwt"],
  gke: ["api-keys", "iap"],
};

/** Fewest requests in five minutes that AWS WAF can limit. */
const LEAST_AWS_LIMIT = 10;

/** Most characters of a DNS label: the host name of a service is one label below the zone. */
const MAX_LABEL = 63;

const OWN_GATEWAY =
  "put your own gateway in front of the services, and list its namespace in callers of each service";

/** Refuses gateways that the cluster and the DNS zone of the foundation cannot have, and services that no gateway can publish. */
export function fitGateways(config: FittedConfig, refuse: Refuse): void {
  for (const [environment, { services, gateway }] of Object.entries(config.environments)) {
    const published = publishedServices(services);
    if (gateway === undefined)
      for (const service of published)
        refuse(
          ["environments", environment, "services", service, "gateway"],
          "must be left out or false: the environment has no gateway",
          `configure environments.${environment}.gateway`,
        );
    else {
      const path = ["environments", environment, "gateway"];
      checkGateway(config, gateway, path, refuse);
      if (published.length === 0)
        refuse(path, "must publish a service", "set gateway: true in a service of the environment");
    }
  }
  checkHosts(config, refuse);
}

function checkGateway(
  { cluster, cloud }: FittedConfig,
  { auth, requestsPer5Minutes }: GatewayConfig,
  path: string[],
  refuse: Refuse,
): void {
  if (cluster.kind === "existing")
    return refuse(
      path,
      "must be left out if cluster.kind is existing: such a stack creates nothing in a cloud",
      OWN_GATEWAY,
    );
  if (cluster.kind === "aks")
    return refuse(
      path,
      "must be left out if cluster.kind is aks: a stack can neither switch on the add-on that runs gateways nor get a certificate for them",
      OWN_GATEWAY,
    );
  const kinds = AUTH_OF_CLUSTER[cluster.kind];
  if (!kinds.includes(auth.kind))
    refuse([...path, "auth", "kind"], `must be ${kinds.join(" or ")} if cluster.kind is ${cluster.kind}`);
  if (cluster.kind === "eks" && requestsPer5Minutes !== undefined && requestsPer5Minutes < LEAST_AWS_LIMIT)
    refuse(
      [...path, "requestsPer5Minutes"],
      `must be at least ${LEAST_AWS_LIMIT} on EKS: AWS WAF takes no smaller limit`,
    );
  const inFoundation = "set it there, and deploy the foundation first";
  if (cloud?.dns === undefined)
    refuse(
      path,
      "must be used together with cloud.dns of the foundation: services get names in its zone",
      inFoundation,
    );
  else if (cluster.kind === "eks" && !cloud.dns.delegated)
    refuse(
      path,
      "must be used together with cloud.dns.delegated: true of the foundation: only then it has a certificate",
      inFoundation,
    );
  else if (cluster.kind === "gke" && !cloud.dns.ingress)
    refuse(
      path,
      "must be used together with cloud.dns.ingress: true of the foundation: only then GKE makes load balancers",
      inFoundation,
    );
}

/** The host name of a service is `<service>-<environment>.<zone>`, which must be valid and belong to one service alone. */
function checkHosts({ environments }: FittedConfig, refuse: Refuse): void {
  const owners = new Map<string, string>();
  for (const [environment, { services, gateway }] of Object.entries(environments)) {
    if (gateway === undefined) continue;
    for (const service of publishedServices(services)) {
      const path = ["environments", environment, "services", service];
      const label = `${service}-${environment}`;
      const owner = owners.get(label);
      if (label.length > MAX_LABEL)
        refuse(
          path,
          `must have a name so that ${label} has at most ${MAX_LABEL} characters: it is part of the host name`,
        );
      if (owner === undefined) owners.set(label, `${service} of ${environment}`);
      else refuse(path, `must have another name: ${label} is also the host name of ${owner}`);
    }
  }
}

/** Services with a target are left out: `checkTarget` refuses `gateway` beside it. */
function publishedServices(services: Readonly<Record<string, ServiceConfig>>): string[] {
  return Object.entries(services)
    .filter(([, { gateway, target }]) => gateway === true && target === undefined)
    .map(([name]) => name);
}
