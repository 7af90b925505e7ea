import { z } from "zod";
import { eachOnce } from "./each-once.ts";
import { count, nameSchema, networkSchema } from "./scalars.ts";

const httpsUrl = z.url({ protocol: /^https$/ });

/** Names and addresses that nothing outside of a network or a cluster can look up or reach. */
const PRIVATE_HOST =
  /^([^.]+|.+\.(local|internal|svc)|localhost|127\..+|10\..+|192\.168\..+|172\.(1[6-9]|2\d|3[01])\..+|\[.+\])$/;

const claim = z.strictObject({
  name: z.string().min(1),
  /** A token must have one of them. */
  values: z.array(z.string().min(1)).min(1),
  /** Default: single-string. */
  format: z.enum(["single-string", "string-array", "space-separated-values"]).optional(),
});

const auth = z.discriminatedUnion("kind", [
  /** The servers check API keys, whose digests are in a Secret of the environment. */
  z.strictObject({ kind: z.literal("api-keys"), secret: nameSchema }),
  /** EKS only: the load balancer checks tokens of an OIDC issuer. */
  z.strictObject({
    kind: z.literal("jwt"),
    issuer: httpsUrl,
    jwksEndpoint: httpsUrl.refine(
      (url) => !URL.canParse(url) || !PRIVATE_HOST.test(new URL(url).hostname),
      "must be a public URL: the load balancer of AWS fetches the keys over the internet",
    ),
    claims: z.array(claim).optional(),
  }),
  /** GKE only: Identity-Aware Proxy lets in people and service accounts of Google. */
  z.strictObject({
    kind: z.literal("iap"),
    members: z
      .array(
        z
          .string()
          .regex(
            /^(user|group|serviceAccount|domain):[^\s]+$/,
            "must be a member such as serviceAccount:app@acme.iam.gserviceaccount.com",
          ),
      )
      .min(1),
  }),
]);

/** Entrance for callers from outside to the services of an environment. */
export const gatewaySchema = z.strictObject({
  /** Networks that may call. `0.0.0.0/0` is the whole internet. */
  clientCidrs: z
    .array(networkSchema)
    .min(1)
    .refine(...eachOnce("network")),
  auth,
  /** Requests of one address in five minutes. Default: no limit. */
  requestsPer5Minutes: count(1).optional(),
});
export type GatewayConfig = z.infer<typeof gatewaySchema>;

/** Kind of a cluster → how its gateways can check callers. */
export const GATEWAY_AUTH = {
  eks: ["api-keys", "jwt"],
  gke: ["api-keys", "iap"],
  aks: ["api-keys"],
} as const;
export type GatewayCluster = keyof typeof GATEWAY_AUTH;
/** How a gateway of a kind of cluster checks callers. */
export type GatewayAuth<Cluster extends GatewayCluster> = Extract<
  GatewayConfig["auth"],
  { kind: (typeof GATEWAY_AUTH)[Cluster][number] }
>;

/** Returns whether gateways of a cluster can check callers in this way. */
export function canAuthenticate<Cluster extends GatewayCluster>(
  cluster: Cluster,
  auth: GatewayConfig["auth"],
): auth is GatewayAuth<Cluster> {
  return GATEWAY_AUTH[cluster].some((kind) => kind === auth.kind);
}
