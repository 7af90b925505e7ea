import { textOf, type Account } from "../account/account.ts";
import { GatewayObjects, type Gateway } from "../kubernetes/gateway-objects.ts";
import type { Kubectl } from "../kubernetes/kubectl.ts";
import { clientAddress, isIn } from "../network/client-address.ts";
import { coversHost } from "../network/covers-host.ts";
import { forwardRequest } from "../network/forward-request.ts";
import type { Site } from "../network/front.ts";
import { gkePolicies, type ServicePolicies } from "./gke-policies.ts";

interface SecurityRule {
  priority: number;
  action: string;
  match: { config: { srcIpRanges: string[] } };
}

/**
 * The load balancers of GKE's gateways: a request to the host of an HTTPRoute goes to a healthy pod of its Service, if Cloud Armor lets the
 * client in. The Gateway must have its class, its address, a certificate for the host, and the host a record of the address.
 */
export function gkeLoadBalancer(account: Account, kubectl: Kubectl): Site {
  return async (request, response) => {
    const host = request.headers.host ?? "";
    const refuse = (status: number, message: string): void => void response.writeHead(status).end(message);
    const objects = await GatewayObjects.read(kubectl);
    const route = objects.routeOf(host);
    if (route === undefined) return refuse(404, "fault filter abort");
    const gateway = objects.gatewayOf(route);
    const fault = gateway === undefined ? "no such Gateway" : gatewayFault(account, gateway, host);
    if (fault !== undefined) return refuse(500, fault);
    const service = route.spec.rules[0]?.backendRefs[0]?.name ?? "";
    const { securityPolicy, healthCheck } = await gkePolicies(kubectl, route.metadata.namespace, service);
    if (securityPolicy !== undefined && !isAllowed(account, securityPolicy, clientAddress(request)))
      return refuse(403, "forbidden");
    for (const { address, port } of objects.endpointsOf(route))
      if (await isHealthy(address, healthCheck))
        return forwardRequest(request, response, `http://${address}:${port}${request.url ?? "/"}`);
    refuse(503, "no healthy upstream");
  };
}

/** Returns why a Gateway cannot answer for a host; undefined if it can. */
function gatewayFault(account: Account, { metadata, spec }: Gateway, host: string): string | undefined {
  if (spec.gatewayClassName !== "gke-l7-global-external-managed")
    return `no class ${spec.gatewayClassName} takes certificates of a map`;
  if (!spec.listeners.some(({ protocol, port }) => protocol === "HTTPS" && port === 443))
    return "no HTTPS listener";
  const map = metadata.annotations["networking.gke.io/certmap"];
  const covered = account
    .ofType("gcp:certificatemanager/certificateMapEntry:CertificateMapEntry")
    .some(({ inputs }) => inputs["map"] === map && coversHost(textOf(inputs, "hostname"), host));
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

async function isHealthy(address: string, check: ServicePolicies["healthCheck"]): Promise<boolean> {
  if (check === undefined) return false; // Google would ask for `/`, which no server of the platform has
  return fetch(`http://${address}:${check.port}${check.requestPath}`).then(
    ({ status }) => status === 200,
    () => false,
  );
}
