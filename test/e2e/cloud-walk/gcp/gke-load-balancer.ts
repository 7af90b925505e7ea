import { BlockList } from "node:net";
import { textOf, type Account } from "../account/account.ts";
import { CLIENT_HEADER } from "../cloud.ts";
import type { Kubectl } from "../kubernetes/kubectl.ts";
import { forwardRequest } from "../network/forward-request.ts";
import type { Site } from "../network/front.ts";
import { gatewayObjects, type GatewayObject, type HealthCheckPolicy } from "./gateway-objects.ts";

interface SecurityRule {
  priority: number;
  action: string;
  match: { config: { srcIpRanges: string[] } };
}

type OfKind<Kind extends GatewayObject["kind"]> = Extract<GatewayObject, { kind: Kind }>;

/** An address of `clientCidrs`. */
const DEFAULT_CLIENT = "203.0.113.10";

/**
 * The load balancers of GKE's gateways: a request to the host of an HTTPRoute goes to a healthy pod of its Service, if Cloud Armor lets the
 * client in. The Gateway must have its class, its address, a certificate for the host, and the host a record of the address.
 */
export function gkeLoadBalancer(account: Account, kubectl: Kubectl): Site {
  return async (request, response) => {
    const host = request.headers.host ?? "";
    const refuse = (status: number, message: string): void => void response.writeHead(status).end(message);
    const objects = await gatewayObjects(kubectl);
    const routes = ofKind(objects, "HTTPRoute");
    const route = routes.find(({ spec }) => spec.hostnames.includes(host));
    if (route === undefined) return refuse(404, "fault filter abort");
    const { namespace } = route.metadata;
    const gateway = ofKind(objects, "Gateway").find(
      ({ metadata }) =>
        metadata.namespace === namespace && route.spec.parentRefs.some(({ name }) => name === metadata.name),
    );
    const fault = gateway === undefined ? "no such Gateway" : gatewayFault(account, gateway, host);
    if (fault !== undefined) return refuse(500, fault);
    const backend = route.spec.rules[0]?.backendRefs[0];
    const ofBackend = ({ metadata, spec }: OfKind<"GCPBackendPolicy" | "HealthCheckPolicy">): boolean =>
      metadata.namespace === namespace &&
      spec.targetRef.kind === "Service" &&
      spec.targetRef.name === backend?.name;

    const policy = ofKind(objects, "GCPBackendPolicy").find(ofBackend)?.spec.default.securityPolicy;
    const client = String(request.headers[CLIENT_HEADER] ?? DEFAULT_CLIENT);
    if (policy !== undefined && !isAllowed(account, policy, client)) return refuse(403, "forbidden");
    const check = ofKind(objects, "HealthCheckPolicy").find(ofBackend);
    for (const { address, port } of backend === undefined ? [] : endpoints(objects, namespace, backend))
      if (await isHealthy(address, check))
        return forwardRequest(request, response, `http://${address}:${port}${request.url ?? "/"}`);
    refuse(503, "no healthy upstream");
  };
}

/** Returns why a Gateway cannot answer for a host; undefined if it can. */
function gatewayFault(
  account: Account,
  { metadata, spec }: OfKind<"Gateway">,
  host: string,
): string | undefined {
  if (spec.gatewayClassName !== "gke-l7-global-external-managed")
    return `no class ${spec.gatewayClassName} takes certificates of a map`;
  if (!spec.listeners.some(({ protocol, port }) => protocol === "HTTPS" && port === 443))
    return "no HTTPS listener";
  const map = metadata.annotations["networking.gke.io/certmap"];
  const covered = account
    .ofType("gcp:certificatemanager/certificateMapEntry:CertificateMapEntry")
    .some(({ inputs }) => inputs["map"] === map && covers(textOf(inputs, "hostname"), host));
  if (!covered) return `certificate map ${map ?? ""} has no certificate for ${host}`;
  const named = spec.addresses.find(({ type }) => type === "NamedAddress")?.value;
  const address = account
    .ofType("gcp:compute/globalAddress:GlobalAddress")
    .find(({ outputs }) => outputs["name"] === named);
  if (address === undefined) return `no address ${named ?? ""}`;
  const record = account
    .ofType("gcp:dns/recordSet:RecordSet")
    .find(({ inputs }) => inputs["name"] === `${host}.` && inputs["type"] === "A");
  const addresses = (record?.inputs["rrdatas"] ?? []) as unknown[];
  return addresses.includes(address.outputs["address"])
    ? undefined
    : `no record leads ${host} to the address`;
}

function covers(pattern: string, host: string): boolean {
  return pattern.startsWith("*.") ? host.slice(host.indexOf(".")) === pattern.slice(1) : pattern === host;
}

/** Whether the first rule of a Cloud Armor policy that matches a client lets it in. */
function isAllowed(account: Account, policy: string, client: string): boolean {
  const found = account
    .ofType("gcp:compute/securityPolicy:SecurityPolicy")
    .find(({ outputs }) => outputs["name"] === policy);
  const rules = ((found?.inputs["rules"] ?? []) as unknown as SecurityRule[]).toSorted(
    (a, b) => a.priority - b.priority,
  );
  const rule = rules.find(({ match }) => match.config.srcIpRanges.some((range) => isIn(client, range)));
  return rule !== undefined && !rule.action.startsWith("deny");
}

function isIn(client: string, range: string): boolean {
  if (range === "*") return true;
  const [network = "", prefix = "32"] = range.split("/");
  const list = new BlockList();
  list.addSubnet(network, Number(prefix), "ipv4");
  return list.check(client, "ipv4");
}

/** Returns where the ready pods of a Service take requests to one of its ports. */
function endpoints(
  objects: readonly GatewayObject[],
  namespace: string,
  { name, port }: { name: string; port: number },
): { address: string; port: number }[] {
  const service = ofKind(objects, "Service").find(
    ({ metadata }) => metadata.namespace === namespace && metadata.name === name,
  );
  const portName = service?.spec.ports.find((each) => each.port === port)?.name;
  return ofKind(objects, "EndpointSlice")
    .filter(
      ({ metadata }) =>
        metadata.namespace === namespace && metadata.labels["kubernetes.io/service-name"] === name,
    )
    .flatMap(({ endpoints, ports }) => {
      const target = ports.find((each) => each.name === portName)?.port;
      return target === undefined
        ? []
        : endpoints
            .filter(({ conditions }) => conditions.ready === true)
            .flatMap(({ addresses }) => addresses.map((address) => ({ address, port: target })));
    });
}

async function isHealthy(address: string, check: HealthCheckPolicy | undefined): Promise<boolean> {
  if (check === undefined) return false; // Google would ask for `/`, which no server of the platform has
  const { port, requestPath } = check.spec.default.config.httpHealthCheck;
  return fetch(`http://${address}:${port}${requestPath}`).then(
    ({ status }) => status === 200,
    () => false,
  );
}

function ofKind<Kind extends GatewayObject["kind"]>(
  objects: readonly GatewayObject[],
  kind: Kind,
): OfKind<Kind>[] {
  return objects.filter((each): each is OfKind<Kind> => each.kind === kind);
}
