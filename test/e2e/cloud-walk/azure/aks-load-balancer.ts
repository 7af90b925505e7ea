import { textOf, type Account } from "../account/account.ts";
import { GatewayObjects, type Gateway, type HttpRoute } from "../kubernetes/gateway-objects.ts";
import type { Kubectl } from "../kubernetes/kubectl.ts";
import { clientAddress, isIn } from "../network/client-address.ts";
import { coversHost } from "../network/covers-host.ts";
import { forwardRequest } from "../network/forward-request.ts";
import type { Site } from "../network/front.ts";
import { APP_ROUTING_CLASS } from "./app-routing.ts";
import { LOCATION } from "./azure-place.ts";

const ANNOTATION = "service.beta.kubernetes.io/azure";

/**
 * The load balancers of AKS' gateways, and the proxies behind them: a request to the host of an HTTPRoute goes to a ready pod of its
 * Service, if the load balancer and the security group of the nodes let the client in. The Gateway must have its certificate, must admit
 * the namespace of the route, and the host must have a record of the load balancer.
 */
export function aksLoadBalancer(account: Account, kubectl: Kubectl): Site {
  return async (request, response) => {
    const host = request.headers.host ?? "";
    const refuse = (status: number, message: string): void => void response.writeHead(status).end(message);
    const objects = await GatewayObjects.read(kubectl);
    const route = objects.routeOf(host);
    if (route === undefined) return refuse(404, "");
    const gateway = objects.gatewayOf(route);
    if (gateway === undefined) return refuse(500, "no such Gateway");
    if (!isAdmitted(account, gateway, clientAddress(request))) return void response.destroy();
    const fault = gatewayFault(gateway, route, host) ?? recordFault(account, gateway, host);
    if (fault !== undefined) return refuse(500, fault);
    const [endpoint] = objects.endpointsOf(route);
    if (endpoint === undefined) return refuse(503, "no healthy upstream");
    await forwardRequest(
      request,
      response,
      `http://${endpoint.address}:${endpoint.port}${request.url ?? "/"}`,
    );
  };
}

/** Whether the load balancer and the security group of the nodes let a client in. */
function isAdmitted(account: Account, { spec }: Gateway, client: string): boolean {
  const ranges = spec.infrastructure.annotations[`${ANNOTATION}-allowed-ip-ranges`]?.split(",") ?? [];
  const admitted = account.ofType("azure-native:network:SecurityRule").some(({ inputs }) => {
    const { access, direction, destinationPortRange, sourceAddressPrefixes } = inputs;
    return (
      access === "Allow" &&
      direction === "Inbound" &&
      destinationPortRange === "443" &&
      Array.isArray(sourceAddressPrefixes) &&
      sourceAddressPrefixes.some((range) => typeof range === "string" && isIn(client, range))
    );
  });
  return admitted && ranges.some((range) => isIn(client, range));
}

/** Returns why a Gateway cannot answer for a host; undefined if it can. */
function gatewayFault({ spec }: Gateway, route: HttpRoute, host: string): string | undefined {
  if (spec.gatewayClassName !== APP_ROUTING_CLASS.metadata.name) return `no class ${spec.gatewayClassName}`;
  const listener = spec.listeners.find(
    ({ protocol, port, hostname }) =>
      protocol === "HTTPS" && port === 443 && coversHost(hostname ?? host, host),
  );
  if (listener === undefined) return `no HTTPS listener for ${host}`;
  if (listener.tls?.certificateRefs.length !== 1) return "the listener has no certificate";
  const { matchLabels = {} } = listener.allowedRoutes?.namespaces.selector ?? {};
  return matchLabels["kubernetes.io/metadata.name"] === route.metadata.namespace
    ? undefined
    : `the listener takes no routes of ${route.metadata.namespace}`;
}

/** Returns why the host does not lead to the load balancer; undefined if it does. */
function recordFault(account: Account, { spec }: Gateway, host: string): string | undefined {
  const label = spec.infrastructure.annotations[`${ANNOTATION}-dns-label-name`] ?? "";
  const name = `${label}.${LOCATION}.cloudapp.azure.com`;
  const leads = account.ofType("azure-native:dns:RecordSet").some(({ inputs }) => {
    const { cname } = (inputs["cnameRecord"] ?? {}) as { cname?: string };
    return (
      cname === name && `${textOf(inputs, "relativeRecordSetName")}.${textOf(inputs, "zoneName")}` === host
    );
  });
  return leads ? undefined : `no record leads ${host} to ${name}`;
}
