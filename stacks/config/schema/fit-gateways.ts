import { aksGatewayNamespace } from "../../../components/azure/gateway/aks-gateway-names.ts";
import type { CloudConfig } from "./cloud.ts";
import type { ClusterConfig } from "./cluster.ts";
import type { ServiceConfig } from "./environment.ts";
import { canAuthenticate, GATEWAY_AUTH, type GatewayConfig } from "./gateway.ts";
import type { Refuse } from "./refuse.ts";

/** The parts of the config that gateways must fit. */
interface FittedConfig {
  cluster: ClusterConfig;
  cloud?: CloudConfig | undefined;
  environments: Readonly<
    Record<string, { services: Readonly<Record<string, ServiceConfig>>; gateway?: GatewayConfig | undefined }>
  >;
}

const IN_FOUNDATION = "set it there, and deploy the foundation first";

/** Kind of a cluster → key of `cloud.dns` that its gateways need, what the key brings them, and how to set it. */
const NEEDED_OF_DNS = {
  eks: {
    key: "delegated",
    why: "only then it has a certificate",
    fix: "let the parent zone delegate to the name servers of the zone first, then set it there and deploy the foundation: docs/aws.md#gateway",
  },
  gke: { key: "ingress", why: "only then GKE makes load balancers", fix: IN_FOUNDATION },
  aks: {
    key: "ingress",
    why: "only then AKS runs gateways, and has a vault for their certificate",
    fix: IN_FOUNDATION,
  },
} as const;

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
  checkNamespaces(config, refuse);
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
  if (!canAuthenticate(cluster.kind, auth))
    refuse(
      [...path, "auth", "kind"],
      `must be ${GATEWAY_AUTH[cluster.kind].join(" or ")} if cluster.kind is ${cluster.kind}`,
    );
  if (cluster.kind === "aks" && requestsPer5Minutes !== undefined)
    refuse(
      [...path, "requestsPer5Minutes"],
      "must be left out on AKS, whose gateways cannot limit requests",
      "put Azure Front Door or API Management before the gateway, and let clientCidrs name only that",
    );
  if (cluster.kind === "eks" && requestsPer5Minutes !== undefined && requestsPer5Minutes < LEAST_AWS_LIMIT)
    refuse(
      [...path, "requestsPer5Minutes"],
      `must be at least ${LEAST_AWS_LIMIT} on EKS: AWS WAF takes no smaller limit`,
    );
  if (cloud?.dns === undefined)
    refuse(
      path,
      "must be used together with cloud.dns of the foundation: services get names in its zone",
      IN_FOUNDATION,
    );
  else {
    const { key, why, fix } = NEEDED_OF_DNS[cluster.kind];
    if (!cloud.dns[key])
      refuse(path, `must be used together with cloud.dns.${key}: true of the foundation: ${why}`, fix);
  }
}

/** On AKS the gateway of an environment has a namespace of its own. No other environment may have its name. */
function checkNamespaces({ cluster, environments }: FittedConfig, refuse: Refuse): void {
  if (cluster.kind !== "aks") return;
  for (const [environment, { gateway }] of Object.entries(environments)) {
    const namespace = aksGatewayNamespace(environment);
    if (gateway !== undefined && namespace in environments)
      refuse(
        ["environments", namespace],
        `must have another name: the gateway of ${environment} has the namespace ${namespace}`,
      );
  }
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
