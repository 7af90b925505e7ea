import { rm } from "node:fs/promises";
import { NETWORK } from "../../../../local/cluster/layout.ts";
import { gcpOutputs } from "../../../components/gcp/gcp-outputs.ts";
import { Account, textOf } from "../account/account.ts";
import { ManagedRedis } from "../account/redis.ts";
import type { Cloud, LocalServices } from "../cloud.ts";
import { answering, execCredential } from "../commands/answering.ts";
import { Authority } from "../network/authority.ts";
import { ArtifactRegistryStandIn, REGISTRY_HOST } from "./artifact-registry.ts";
import { gkeGatewayController } from "./gke-gateway-controller.ts";
import { gcpBehaviors } from "./gcp-behaviors.ts";
import { GcpIam, OWNER } from "./gcp-iam.ts";
import { gkeLoadBalancer } from "./gke-load-balancer.ts";
import { GoogleApis } from "./google-apis.ts";
import { GoogleTokens } from "./google-tokens.ts";
import { metadataServer } from "./metadata-server.ts";

/** Starts the stand-in of Google Cloud. */
export async function gcpCloud({
  atEnd,
  check,
  clusterToken,
  kubectl,
  store,
  upstream,
}: LocalServices): Promise<Cloud> {
  // Memorystore has authorities of its own, which no machine trusts, and certificates that name only the address.
  const redisAuthority = await Authority.create();
  atEnd(() => rm(redisAuthority.folder, { recursive: true, force: true }));
  const redis = new ManagedRedis({
    address: NETWORK.node,
    port: 6378,
    certificate: await redisAuthority.issueForCommonName(NETWORK.node),
    authority: redisAuthority.file,
  });
  atEnd(() => redis.stop());
  const account = new Account({
    package: "gcp",
    outputsOf: gcpOutputs,
    behaviors: gcpBehaviors({ kubectl, redis, redisAuthority: redisAuthority.file }),
  });
  const tokens = new GoogleTokens();
  const iam = new GcpIam(account);
  const apis = new GoogleApis({ account, iam, tokens, check });
  const registry = new ArtifactRegistryStandIn({ account, iam, tokens, store, upstream });
  const outputOf = (type: string, key: string): string => textOf(account.ofType(type)[0]?.outputs ?? {}, key);
  const metadata = await metadataServer({
    kubectl,
    apis,
    tokens,
    clusterName: () => outputOf("gcp:container/cluster:Cluster", "name"),
  });
  atEnd(metadata.close);
  const gateways = gkeGatewayController(kubectl, () =>
    outputOf("gcp:compute/globalAddress:GlobalAddress", "address"),
  );
  atEnd(gateways.close);

  return {
    account,
    sites: {
      [REGISTRY_HOST]: registry.site,
      "securetoken.googleapis.com": apis.secureToken,
      "iamcredentials.googleapis.com": apis.iamCredentials,
      "secretmanager.googleapis.com": apis.secretManager,
    },
    podHosts: [],
    balancer: gkeLoadBalancer(account, kubectl),
    registry: { host: REGISTRY_HOST, authorization: `Bearer ${tokens.issue(() => memberOfNodes(account))}` },
    commands: {
      gcloud: answering("gcloud", { "auth print-access-token": tokens.issue(OWNER) }),
      "gke-gcloud-auth-plugin": answering("gke-gcloud-auth-plugin", { "": execCredential(clusterToken) }),
    },
    volumeDriver: "pd.csi.storage.gke.io",
    secretValues: apis.secretValues,
    refused: () => [...registry.refused, ...apis.refused],
  };
}

/** Returns the IAM member of the nodes, by the service account that their pool has. */
function memberOfNodes(account: Account): string {
  const [pool] = account.ofType("gcp:container/nodePool:NodePool");
  const { serviceAccount } = (pool?.inputs["nodeConfig"] ?? {}) as { serviceAccount?: string };
  return `serviceAccount:${serviceAccount ?? "none"}`;
}
