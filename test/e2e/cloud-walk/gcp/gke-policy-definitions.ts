import {
  anything,
  definition,
  fields,
  GATEWAY_API,
  integer,
  text,
  type Schema,
} from "../kubernetes/gateway-definitions.ts";

const GKE = "networking.gke.io";

const flag: Schema = { type: "boolean" };
const targetRef = fields({ group: text, kind: text, name: text, namespace: text }, ["group", "kind", "name"]);

function policy(kind: string, plural: string, settings: Schema): object {
  return definition({
    group: GKE,
    kind,
    plural,
    spec: fields({ default: settings, targetRef }, ["targetRef"]),
  });
}

/** The kinds that GKE defines in a cluster with the Gateway API besides those of the API. @see https://cloud.google.com/kubernetes-engine/docs/how-to/configure-gateway-resources */
export const GKE_POLICY_DEFINITIONS: readonly object[] = [
  policy(
    "GCPGatewayPolicy",
    "gcpgatewaypolicies",
    fields({ sslPolicy: text, allowGlobalAccess: flag, region: text }),
  ),
  policy(
    "GCPBackendPolicy",
    "gcpbackendpolicies",
    fields({
      securityPolicy: text,
      timeoutSec: integer,
      maxRatePerEndpoint: integer,
      connectionDraining: fields({ drainingTimeoutSec: integer }),
      iap: fields({ enabled: flag, clientID: text, oauth2ClientSecret: fields({ name: text }) }),
      logging: anything,
      sessionAffinity: anything,
    }),
  ),
  policy(
    "HealthCheckPolicy",
    "healthcheckpolicies",
    fields({
      checkIntervalSec: integer,
      timeoutSec: integer,
      healthyThreshold: integer,
      unhealthyThreshold: integer,
      logConfig: fields({ enabled: flag }),
      config: fields({
        type: { type: "string", enum: ["TCP", "HTTP", "HTTPS", "HTTP2", "GRPC"] },
        httpHealthCheck: fields({
          port: integer,
          portName: text,
          portSpecification: text,
          host: text,
          requestPath: text,
          response: text,
          proxyHeader: text,
        }),
      }),
    }),
  ),
];

/** The class that the gateways of the walk name. GKE has more. */
export const GATEWAY_CLASSES: readonly object[] = [
  {
    apiVersion: `${GATEWAY_API}/v1`,
    kind: "GatewayClass",
    metadata: { name: "gke-l7-global-external-managed" },
    spec: { controllerName: `${GKE}/gateway` },
  },
];
