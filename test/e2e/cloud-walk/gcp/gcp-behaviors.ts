import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { NETWORK } from "../../../../local/cluster/layout.ts";
import { pki } from "../../../../local/cluster/certificates.ts";
import { gcpOutputs } from "../../../components/gcp/gcp-outputs.ts";
import { textOf, type Behavior } from "../account/account.ts";
import type { ManagedRedis } from "../account/redis.ts";
import { apply, type Kubectl } from "../kubernetes/kubectl.ts";
import { GATEWAY_DEFINITIONS } from "../kubernetes/gateway-definitions.ts";
import { GATEWAY_CLASSES, GKE_POLICY_DEFINITIONS } from "./gke-policy-definitions.ts";
import { PROJECT, REGION } from "./gcp-place.ts";

/** What Google gives resources of the walk: the cluster is the local one, and the Redis is a real one. */
export function gcpBehaviors({
  kubectl,
  redis,
  redisAuthority,
}: {
  kubectl: Kubectl;
  redis: ManagedRedis;
  /** Path of the certificate of the authority of the Redis. */
  redisAuthority: string;
}): Record<string, Behavior> {
  return {
    "gcp:container/cluster:Cluster": {
      create: async (name, inputs) => {
        const { channel } = inputs["gatewayApiConfig"] as { channel: string };
        if (channel === "CHANNEL_STANDARD") {
          await apply(kubectl, ...GATEWAY_DEFINITIONS, ...GKE_POLICY_DEFINITIONS);
          await kubectl(["wait", "--for=condition=Established", "customresourcedefinitions", "--all"]);
          await apply(kubectl, ...GATEWAY_CLASSES);
        }
        return {
          id: `projects/${PROJECT}/locations/${REGION}/clusters/${name}-auto`,
          endpoint: `${NETWORK.node}:${NETWORK.apiPort}`,
          masterAuth: { clusterCaCertificate: (await readFile(pki("ca.crt"))).toString("base64") },
        };
      },
    },
    "gcp:redis/instance:Instance": {
      create: async () => {
        const authString = randomBytes(18).toString("hex");
        await redis.start(authString);
        const cert = await readFile(redisAuthority, "utf8");
        return { host: NETWORK.node, authString, serverCaCerts: [{ cert }] };
      },
      remove: async () => redis.stop(),
    },
    "gcp:secretmanager/secret:Secret": {
      create: async (_name, inputs) => ({ id: `projects/${PROJECT}/secrets/${textOf(inputs, "secretId")}` }),
    },
    "gcp:compute/globalAddress:GlobalAddress": { create: async () => ({ address: "203.0.113.80" }) },
    "gcp:organizations/project:Project": {
      find: (id) =>
        gcpOutputs("gcp:organizations/project:Project", id, {}) as ReturnType<NonNullable<Behavior["find"]>>,
    },
  };
}
