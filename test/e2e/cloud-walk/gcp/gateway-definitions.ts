/** A schema of a definition, as OpenAPI. */
type Schema = Record<string, unknown>;

const text: Schema = { type: "string" };
const integer: Schema = { type: "integer" };
const flag: Schema = { type: "boolean" };
const anything: Schema = { type: "object", "x-kubernetes-preserve-unknown-fields": true };

function fields(properties: Record<string, Schema>, required: string[] = []): Schema {
  return { type: "object", properties, ...(required.length === 0 ? {} : { required }) };
}

function listOf(items: Schema): Schema {
  return { type: "array", items };
}

interface Kind {
  group: string;
  kind: string;
  plural: string;
  scope?: "Cluster" | "Namespaced";
  spec: Schema;
}

function definition({ group, kind, plural, scope = "Namespaced", spec }: Kind): object {
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: {
      name: `${plural}.${group}`,
      // Without it the API server takes no definition in a group of Kubernetes.
      annotations: { "api-approved.kubernetes.io": "https://github.com/kubernetes-sigs/gateway-api" },
    },
    spec: {
      group,
      scope,
      names: { kind, plural, singular: kind.toLowerCase() },
      versions: [
        {
          name: "v1",
          served: true,
          storage: true,
          subresources: { status: {} },
          schema: { openAPIV3Schema: fields({ spec, status: anything }, ["spec"]) },
        },
      ],
    },
  };
}

const GATEWAY_API = "gateway.networking.k8s.io";
const GKE = "networking.gke.io";

const reference = fields(
  { group: text, kind: text, name: text, namespace: text, port: integer, weight: integer },
  ["name"],
);
const targetRef = fields({ group: text, kind: text, name: text, namespace: text }, ["group", "kind", "name"]);

function policy(kind: string, plural: string, settings: Schema): object {
  return definition({
    group: GKE,
    kind,
    plural,
    spec: fields({ default: settings, targetRef }, ["targetRef"]),
  });
}

const listener = fields(
  {
    name: text,
    protocol: text,
    port: integer,
    hostname: text,
    tls: anything,
    allowedRoutes: fields({
      kinds: listOf(fields({ group: text, kind: text }, ["kind"])),
      namespaces: fields({ from: { type: "string", enum: ["All", "Selector", "Same"] }, selector: anything }),
    }),
  },
  ["name", "port", "protocol"],
);

/** The kinds that GKE defines in a cluster with the Gateway API, with the fields that they have. @see https://cloud.google.com/kubernetes-engine/docs/how-to/configure-gateway-resources */
export const GATEWAY_DEFINITIONS: readonly object[] = [
  definition({
    group: GATEWAY_API,
    kind: "GatewayClass",
    plural: "gatewayclasses",
    scope: "Cluster",
    spec: fields({ controllerName: text, description: text }, ["controllerName"]),
  }),
  definition({
    group: GATEWAY_API,
    kind: "Gateway",
    plural: "gateways",
    spec: fields(
      {
        gatewayClassName: text,
        addresses: listOf(fields({ type: text, value: text })),
        listeners: listOf(listener),
      },
      ["gatewayClassName", "listeners"],
    ),
  }),
  definition({
    group: GATEWAY_API,
    kind: "HTTPRoute",
    plural: "httproutes",
    spec: fields({
      parentRefs: listOf(
        fields({ group: text, kind: text, name: text, namespace: text, sectionName: text }, ["name"]),
      ),
      hostnames: listOf(text),
      rules: listOf(
        fields({ matches: listOf(anything), filters: listOf(anything), backendRefs: listOf(reference) }),
      ),
    }),
  }),
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
