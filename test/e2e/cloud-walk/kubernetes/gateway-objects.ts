import { z } from "zod";
import type { Kubectl } from "./kubectl.ts";

export const metadataSchema = z.object({
  name: z.string(),
  namespace: z.string(),
  annotations: z.record(z.string(), z.string()).default({}),
});

const gateway = z.object({
  kind: z.literal("Gateway"),
  metadata: metadataSchema,
  spec: z.object({
    gatewayClassName: z.string(),
    infrastructure: z
      .object({ annotations: z.record(z.string(), z.string()).default({}) })
      .default({ annotations: {} }),
    addresses: z.array(z.object({ type: z.string(), value: z.string() })).default([]),
    listeners: z.array(
      z.object({
        name: z.string(),
        protocol: z.string(),
        port: z.number(),
        hostname: z.string().optional(),
        tls: z
          .object({
            options: z.record(z.string(), z.string()).default({}),
            certificateRefs: z.array(z.object({ name: z.string() })).default([]),
          })
          .optional(),
        allowedRoutes: z
          .object({
            namespaces: z.object({
              selector: z.object({ matchLabels: z.record(z.string(), z.string()) }).optional(),
            }),
          })
          .optional(),
      }),
    ),
  }),
});
const route = z.object({
  kind: z.literal("HTTPRoute"),
  metadata: metadataSchema,
  spec: z.object({
    parentRefs: z.array(z.object({ name: z.string(), namespace: z.string().optional() })),
    hostnames: z.array(z.string()),
    rules: z.array(z.object({ backendRefs: z.array(z.object({ name: z.string(), port: z.number() })) })),
  }),
});
const endpointSlice = z.object({
  kind: z.literal("EndpointSlice"),
  metadata: metadataSchema.extend({ labels: z.record(z.string(), z.string()).default({}) }),
  endpoints: z
    .array(
      z.object({
        addresses: z.array(z.string()),
        conditions: z.object({ ready: z.boolean().optional() }).default({}),
      }),
    )
    .nullish()
    .transform((endpoints) => endpoints ?? []),
  ports: z
    .array(z.object({ name: z.string().default(""), port: z.number() }))
    .nullish()
    .transform((ports) => ports ?? []),
});
const service = z.object({
  kind: z.literal("Service"),
  metadata: metadataSchema,
  spec: z.object({
    ports: z
      .array(z.object({ name: z.string().default(""), port: z.number() }))
      .nullish()
      .transform((ports) => ports ?? []),
  }),
});

const objects = z.object({
  items: z.array(z.discriminatedUnion("kind", [gateway, route, endpointSlice, service])),
});

type GatewayObject = z.infer<typeof objects>["items"][number];
export type Gateway = z.infer<typeof gateway>;
export type HttpRoute = z.infer<typeof route>;

const KINDS = [
  "gateways.gateway.networking.k8s.io",
  "httproutes.gateway.networking.k8s.io",
  "endpointslices.discovery.k8s.io",
  "services",
];

/** The objects by which a load balancer of gateways is configured, as they are at one moment. */
export class GatewayObjects {
  readonly #objects: readonly GatewayObject[];

  private constructor(objects: readonly GatewayObject[]) {
    this.#objects = objects;
  }

  static async read(kubectl: Kubectl): Promise<GatewayObjects> {
    const text = await kubectl(["get", KINDS.join(","), "--all-namespaces", "--output=json"]);
    return new GatewayObjects(objects.parse(JSON.parse(text)).items);
  }

  /** Returns the route that leads a host to a Service. */
  routeOf(host: string): HttpRoute | undefined {
    return this.#ofKind("HTTPRoute").find(({ spec }) => spec.hostnames.includes(host));
  }

  /** Returns the Gateway to which a route belongs. */
  gatewayOf(route: HttpRoute): Gateway | undefined {
    return this.#ofKind("Gateway").find(({ metadata }) =>
      route.spec.parentRefs.some(
        ({ name, namespace = route.metadata.namespace }) =>
          name === metadata.name && namespace === metadata.namespace,
      ),
    );
  }

  /** Returns where the ready pods of a route's Service take requests. */
  endpointsOf({ metadata: { namespace }, spec }: HttpRoute): { address: string; port: number }[] {
    const backend = spec.rules[0]?.backendRefs[0];
    if (backend === undefined) return [];
    const service = this.#ofKind("Service").find(
      ({ metadata }) => metadata.namespace === namespace && metadata.name === backend.name,
    );
    const portName = service?.spec.ports.find(({ port }) => port === backend.port)?.name;
    return this.#ofKind("EndpointSlice")
      .filter(
        ({ metadata }) =>
          metadata.namespace === namespace && metadata.labels["kubernetes.io/service-name"] === backend.name,
      )
      .flatMap(({ endpoints, ports }) => {
        const target = ports.find(({ name }) => name === portName)?.port;
        if (target === undefined) return [];
        const ready = endpoints.filter(({ conditions }) => conditions.ready === true);
        return ready.flatMap(({ addresses }) => addresses.map((address) => ({ address, port: target })));
      });
  }

  #ofKind<Kind extends GatewayObject["kind"]>(kind: Kind): Extract<GatewayObject, { kind: Kind }>[] {
    return this.#objects.filter((each): each is Extract<GatewayObject, { kind: Kind }> => each.kind === kind);
  }
}
