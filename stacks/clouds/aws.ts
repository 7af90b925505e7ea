import * as aws from "@pulumi/aws";
import { EksClusterAutoscaler } from "../../components/cluster/eks-cluster-autoscaler.ts";
import { EksGpuNodePool } from "../../components/cluster/eks-gpu-node-pool.ts";
import { EksCluster } from "../../components/cluster/eks.ts";
import { EksServiceAccountRole } from "../../components/identity/eks-service-account-role.ts";
import { addOnImage } from "../../components/internal/add-on-images.ts";
import { AwsKey, forLogGroups } from "../../components/keys/aws-key.ts";
import { AwsVpc } from "../../components/network/aws-vpc.ts";
import { EcrRegistry } from "../../components/registry/ecr.ts";
import type { EksConfig } from "../schema/cluster.ts";
import type { CloudFoundationArgs, Foundation } from "./foundation.ts";

/** AWS: a network over three zones, EKS, ECR, and what the config asks for besides. */
export function awsFoundation({ cluster: config, cloud }: CloudFoundationArgs<EksConfig>): Foundation {
  const { account, region } = config;
  const { prefix: clusterName, protect, tags } = cloud;
  const provider = new aws.Provider("aws", {
    region,
    allowedAccountIds: [account],
    defaultTags: { tags },
  });
  const on = { provider };
  const place = { account, region };

  const logsKey = new AwsKey(
    "logs-encryption",
    { description: "Logs", account, services: [forLogGroups(account, region)], protect },
    on,
  );
  const registryKey = new AwsKey(
    "registry-encryption",
    { description: "Images, models and data sets", account, protect },
    on,
  );
  const network = new AwsVpc("network", { ...place, logsKey }, on);
  const cluster = new EksCluster(
    "cluster",
    {
      ...place,
      clusterName,
      network,
      logsKey,
      version: config.version,
      allowedCidrs: config.allowedCidrs,
      systemPool: config.nodePools.system,
      cpuPool: config.nodePools.cpu,
      tags,
      protect,
    },
    on,
  );
  for (const [pool, gpus] of Object.entries(config.gpuPools))
    new EksGpuNodePool(`cluster-gpu-${pool}`, { home: cluster.nodes, pool, ...gpus }, on);

  let registry: EcrRegistry | undefined;
  return {
    kubernetes: cluster.provider,
    registry: ({ images, repositories }) => {
      registry = new EcrRegistry(
        "registry",
        { ...place, key: registryKey, images, repositories, protect },
        on,
      );
      new EksClusterAutoscaler(
        "cluster-autoscaler",
        { ...place, cluster, clusterName, image: addOnImage(registry, "cluster-autoscaler") },
        on,
      );
      return registry;
    },
    identity: ({ namespace, serviceAccount, access }) => {
      if (registry === undefined)
        throw new Error(`${serviceAccount}: the registry must be there before its identity`);
      const statements = registry.statements(access);
      if (statements.length === 0) return undefined;
      const role = new EksServiceAccountRole(
        `${namespace}-${serviceAccount}-identity`,
        { oidc: cluster.oidc, namespace, serviceAccount, statements },
        on,
      );
      return role.identity;
    },
  };
}
