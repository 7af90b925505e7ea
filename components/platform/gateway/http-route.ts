import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { Environment } from "../environment.ts";
import { commonLabels } from "../kubernetes/labels.ts";

/** API version of Gateway and HTTPRoute. */
export const GATEWAY_API = "gateway.networking.k8s.io/v1";

export interface HttpRouteOptions {
  environment: Environment;
  /** Name of the Gateway. */
  gateway: pulumi.Input<string>;
  /** Namespace of the Gateway. @default - that of the environment */
  gatewayNamespace?: pulumi.Input<string>;
  /** Name of the Kubernetes Service that gets the requests, and its port. */
  serviceName: string;
  port: number;
  host: string;
}

/** Creates the HTTPRoute that leads a host name to a service. */
export function createHttpRoute(
  name: string,
  { environment, gateway, gatewayNamespace, serviceName, port, host }: HttpRouteOptions,
  opts: pulumi.CustomResourceOptions,
): k8s.apiextensions.CustomResource {
  return new k8s.apiextensions.CustomResource(
    `${name}-route`,
    {
      apiVersion: GATEWAY_API,
      kind: "HTTPRoute",
      metadata: {
        name: serviceName,
        namespace: environment.namespace,
        labels: commonLabels(serviceName, "gateway"),
      },
      spec: {
        parentRefs: [
          { name: gateway, ...(gatewayNamespace === undefined ? {} : { namespace: gatewayNamespace }) },
        ],
        hostnames: [host],
        rules: [{ backendRefs: [{ name: serviceName, port }] }],
      },
    },
    opts,
  );
}
