import { z } from "zod";
import type { Kubectl } from "../kubernetes/kubectl.ts";

const metadata = z.object({
  name: z.string(),
  namespace: z.string(),
  annotations: z.record(z.string(), z.string()).default({}),
});
const targetRef = z.object({ kind: z.string(), name: z.string() });

const gateway = z.object({
  kind: z.literal("Gateway"),
  metadata,
  spec: z.object({
    gatewayClassName: z.string(),
    addresses: z.array(z.object({ type: z.string(), value: z.string() })).default([]),
    listeners: z.array(z.object({ protocol: z.string(), port: z.number() })),
  }),
});
const route = z.object({
  kind: z.literal("HTTPRoute"),
  metadata,
  spec: z.object({
    parentRefs: z.array(z.object({ name: z.string() })),
    hostnames: z.array(z.string()),
    rules: z.array(z.object({ backendRefs: z.array(z.object({ name: z.string(), port: z.number() })) })),
  }),
});
const backendPolicy = z.object({
  kind: z.literal("GCPBackendPolicy"),
  metadata,
  spec: z.object({ default: z.object({ securityPolicy: z.string().optional() }), targetRef }),
});
const healthCheckPolicy = z.object({
  kind: z.literal("HealthCheckPolicy"),
  metadata,
  spec: z.object({
    default: z.object({
      config: z.object({ httpHealthCheck: z.object({ port: z.number(), requestPath: z.string() }) }),
    }),
    targetRef,
  }),
});
const endpointSlice = z.object({
  kind: z.literal("EndpointSlice"),
  metadata: metadata.extend({ labels: z.record(z.string(), z.string()).default({}) }),
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
  metadata,
  spec: z.object({
    ports: z
      .array(z.object({ name: z.string().default(""), port: z.number() }))
      .nullish()
      .transform((ports) => ports ?? []),
  }),
});

const objects = z.object({
  items: z.array(
    z.discriminatedUnion("kind", [gateway, route, backendPolicy, healthCheckPolicy, endpointSlice, service]),
  ),
});

export type GatewayObject = z.infer<typeof objects>["items"][number];
export type HealthCheckPolicy = z.infer<typeof healthCheckPolicy>;

const KINDS = [
  "gateways.gateway.networking.k8s.io",
  "httproutes.gateway.networking.k8s.io",
  "gcpbackendpolicies.networking.gke.io",
  "healthcheckpolicies.networking.gke.io",
  "endpointslices.discovery.k8s.io",
  "services",
];

/** Reads the objects by which a load balancer of GKE is configured. */
export async function gatewayObjects(kubectl: Kubectl): Promise<GatewayObject[]> {
  const text = await kubectl(["get", KINDS.join(","), "--all-namespaces", "--output=json"]);
  return objects.parse(JSON.parse(text)).items;
}
