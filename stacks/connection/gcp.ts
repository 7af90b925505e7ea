import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { GcpService } from "../../components/gcp/agents.ts";
import { ArtifactRegistry } from "../../components/gcp/artifact-registry.ts";
import { allowBucketWrite } from "../../components/gcp/cloud-storage.ts";
import { GKE_ACCELERATOR_LABEL, gkeAccelerator } from "../../components/gcp/cluster/gke-auto-provisioning.ts";
import { GkeServiceAccount } from "../../components/gcp/cluster/gke-service-account.ts";
import { GcpKey } from "../../components/gcp/key.ts";
import { MEMORYSTORE_PORT } from "../../components/gcp/memorystore.ts";
import { allowSecretRead } from "../../components/gcp/secret-manager.ts";
import { DefaultStorageClass } from "../../components/platform/kubernetes/default-storage-class.ts";
import type { GkeConfig } from "../config/schema/cluster.ts";
import type { ReadFoundation } from "../foundation/common-outputs.ts";
import type { gcpFoundationSchema } from "../foundation/gcp-outputs.ts";
import { gcpProvider } from "../foundation/gcp-provider.ts";
import type { CloudConnectionArgs, Connection } from "./connection.ts";
import { deployed } from "./deployed.ts";
import { entryOf } from "./entry-of.ts";
import { gkeGateways } from "./gke-gateways.ts";
import { managedRedis } from "./managed-redis.ts";
import { gcpTargets } from "./targets/gcp.ts";

/** Connects the platform to its foundation on Google Cloud: deploys into GKE, stores artifacts in Artifact Registry, and gives service accounts their identities. */
export function connectGcp({
  cluster,
  cloud,
  foundation,
  grantSeconds,
}: CloudConnectionArgs<GkeConfig, ReadFoundation<typeof gcpFoundationSchema>>): Connection {
  const { project, region } = cluster;
  const { prefix, protect } = cloud;
  const provider = gcpProvider(cluster, cloud);
  const opts = { provider };
  const kubernetes = new k8s.Provider("kubernetes", {
    kubeconfig: foundation.kubeconfig,
    enableServerSideApply: true,
    enableConfigMapMutable: true,
  });
  new DefaultStorageClass(
    "storage-class",
    {
      className: "pd-balanced-encrypted",
      provisioner: "pd.csi.storage.gke.io",
      parameters: { type: "pd-balanced", "disk-encryption-kms-key": foundation.volumesKeyName },
    },
    { provider: kubernetes },
  );
  const createKey = (name: string, ...services: GcpService[]): GcpKey => {
    const users: Record<string, pulumi.Output<string>> = Object.fromEntries(
      services.map((service) => [service, entryOf(foundation.agents, service, "cloud.targets")]),
    );
    return new GcpKey(`${name}-encryption`, { project, region, users, grantSeconds, protect }, opts);
  };
  const createServiceAccount = (
    name: string,
    account: { namespace: string; serviceAccount: string },
  ): GkeServiceAccount => new GkeServiceAccount(name, { project, prefix, ...account }, opts);

  return {
    kubernetes,
    connect: ({ url, images, repositories }) => {
      const registry = new ArtifactRegistry(
        "registry",
        { url, project, keyName: foundation.registryKeyName, images, repositories, protect },
        opts,
      );
      const redis = cloud.redis && {
        ...managedRedis(foundation, MEMORYSTORE_PORT),
        caCertificate: deployed(foundation.redisCaCertificate, "cloud.redis"),
      };
      return {
        registry,
        redis,
        exporters: [], // GKE runs its own exporter of GPU metrics
        // GKE provisions nodes with GPUs only for pods that name the GPU as Google does. Pools of the config have the label as well.
        gpuNodes:
          cluster.nodeAutoProvisioning && ((type) => ({ [GKE_ACCELERATOR_LABEL]: gkeAccelerator(type) })),
        gateway: gkeGateways({ cluster, cloud, foundation }, { providers: [provider, kubernetes] }),
        target: gcpTargets({ project, region, prefix, foundation, createKey, registry, redis }, opts),
        secrets:
          cloud.secrets.length === 0
            ? undefined
            : ({ namespace, serviceAccount, secrets }) => {
                const identity = createServiceAccount(`${serviceAccount}-identity`, {
                  namespace,
                  serviceAccount,
                });
                const { member } = identity;
                for (const secret of secrets)
                  allowSecretRead(serviceAccount, { project, prefix, secret, member }, { parent: identity });
                return { stores: { "gcp-secret-manager": { project } }, identity };
              },
        identity: ({ namespace, serviceAccount, access }) => {
          const name = `${namespace}-${serviceAccount}`;
          const identity = createServiceAccount(`${name}-identity`, { namespace, serviceAccount });
          const { member } = identity;
          const child = { parent: identity };
          registry.allow(name, access, member, child);
          if (access === "write") allowBucketWrite(name, { bucket: foundation.bucket, member }, child);
          return identity;
        },
      };
    },
  };
}
