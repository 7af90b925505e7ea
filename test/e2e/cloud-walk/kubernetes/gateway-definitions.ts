/** A schema of a definition, as OpenAPI. */
export type Schema = Record<string, unknown>;

export const text: Schema = { type: "string" };
export const integer: Schema = { type: "integer" };
export const anything: Schema = { type: "object", "x-kubernetes-preserve-unknown-fields": true };

export function fields(properties: Record<string, Schema>, required: string[] = []): Schema {
  return { type: "object", properties, ...(required.length === 0 ? {} : { required }) };
}

export function listOf(items: Schema): Schema {
  return { type: "array", items };
}

interface Kind {
  group: string;
  kind: string;
  plural: string;
  scope?: "Cluster" | "Namespaced";
  spec: Schema;
}

export function definition({ group, kind, plural, scope = "Namespaced", spec }: Kind): object {
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

export const GATEWAY_API = "gateway.networking.k8s.io";

const reference = fields(
  { group: text, kind: text, name: text, namespace: text, port: integer, weight: integer },
  ["name"],
);
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

/** The kinds of the Gateway API that the components use, with the fields that they have. @see https://gateway-api.sigs.k8s.io/reference/spec */
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
        infrastructure: fields({ labels: anything, annotations: anything }),
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
];
