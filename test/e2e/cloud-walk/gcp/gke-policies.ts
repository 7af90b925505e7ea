import { z } from "zod";
import { metadataSchema } from "../kubernetes/gateway-objects.ts";
import type { Kubectl } from "../kubernetes/kubectl.ts";

const targetRef = z.object({ kind: z.string(), name: z.string() });

const backendPolicy = z.object({
  kind: z.literal("GCPBackendPolicy"),
  metadata: metadataSchema,
  spec: z.object({ default: z.object({ securityPolicy: z.string().optional() }), targetRef }),
});
const healthCheckPolicy = z.object({
  kind: z.literal("HealthCheckPolicy"),
  metadata: metadataSchema,
  spec: z.object({
    default: z.object({
      config: z.object({ httpHealthCheck: z.object({ port: z.number(), requestPath: z.string() }) }),
    }),
    targetRef,
  }),
});
const policies = z.object({
  items: z.array(z.discriminatedUnion("kind", [backendPolicy, healthCheckPolicy])),
});

/** What policies of GKE say of one Service. */
export interface ServicePolicies {
  /** Name of the policy of Cloud Armor. */
  securityPolicy?: string;
  /** Where the load balancer asks whether a pod is healthy. */
  healthCheck?: { port: number; requestPath: string };
}

/** Reads the policies of a Service. */
export async function gkePolicies(
  kubectl: Kubectl,
  namespace: string,
  service: string,
): Promise<ServicePolicies> {
  const kinds = "gcpbackendpolicies.networking.gke.io,healthcheckpolicies.networking.gke.io";
  const text = await kubectl(["get", kinds, "--namespace", namespace, "--output=json"]);
  const found: ServicePolicies = {};
  for (const policy of policies.parse(JSON.parse(text)).items) {
    const { targetRef } = policy.spec;
    if (targetRef.kind !== "Service" || targetRef.name !== service) continue;
    if (policy.kind === "HealthCheckPolicy") found.healthCheck = policy.spec.default.config.httpHealthCheck;
    else if (policy.spec.default.securityPolicy !== undefined)
      found.securityPolicy = policy.spec.default.securityPolicy;
  }
  return found;
}
