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

/** Kind of a cluster → what its gateways need of the DNS zone of the foundation, why, and how to write it. */
const NEEDED_OF_DNS = {
  eks: {
    key: "delegated",
    why: "the load balancer needs the certificate of the zone",
    fixZone:
      "add dns: { zone: ml.example.com }, with a zone of yours, and follow docs/aws.md#gateway: deploy the foundation, let the parent zone delegate, then set delegated: true",
    fixKey:
      "let the parent zone delegate to the output nameServers of the foundation, then set it and deploy the foundation: docs/aws.md#gateway",
  },
  gke: {
    key: "ingress",
    why: "only then GKE makes load balancers",
    fixZone:
      "add dns: { zone: ml.example.com, ingress: true }, with a zone of yours, and deploy the foundation first: docs/gcp.md#gateway",
    fixKey: "set it, and deploy the foundation first: docs/gcp.md#gateway",
  },
  aks: {
    key: "ingress",
    why: "only then AKS runs gateways, and has a vault for their certificate",
    fixZone:
      "add dns: { zone: ml.example.com, ingress: true }, with a zone of yours, and deploy the foundation first: docs/azure.md#gateway",
    fixKey: "set it, and deploy the foundation first: docs/azure.md#gateway",
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
  checkDns(config, refuse);
  checkNamespaces(config, refuse);
  checkHosts(config, refuse);
}

function checkGateway(
  { cluster }: FittedConfig,
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
}

/** The DNS zone of the foundation must have what gateways need. The fault is in its file, and is one for all environments. */
function checkDns({ cluster, cloud, environments }: FittedConfig, refuse: Refuse): void {
  const withGateway = Object.keys(environments).filter((name) => environments[name]?.gateway !== undefined);
  if (cluster.kind === "existing" || withGateway.length === 0) return;
  const gateways = `environments.${withGateway.join(".gateway and environments.")}.gateway`;
  const { key, why, fixZone, fixKey } = NEEDED_OF_DNS[cluster.kind];
  if (cloud?.dns === undefined)
    refuse(
      ["cloud", "dns"],
      `must be set beside ${gateways}: published services get names in its zone`,
      fixZone,
    );
  else if (!cloud.dns[key]) refuse(["cloud", "dns", key], `must be true beside ${gateways}: ${why}`, fixKey);
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
