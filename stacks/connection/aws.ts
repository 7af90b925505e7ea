import * as k8s from "@pulumi/kubernetes";
import { EksServiceAccountRole } from "../../components/aws/cluster/eks-service-account-role.ts";
import { EcrRegistry } from "../../components/aws/ecr.ts";
import { ELASTICACHE_PORT } from "../../components/aws/elasticache.ts";
import type { AwsStatement } from "../../components/aws/policy-document.ts";
import { s3WriteStatements } from "../../components/aws/s3-access.ts";
import { readSecretStatements } from "../../components/aws/secret-access.ts";
import { POOL_LABEL } from "../../components/platform/kubernetes/gpu-types.ts";
import { DefaultStorageClass } from "../../components/platform/kubernetes/default-storage-class.ts";
import type { EksConfig } from "../config/schema/cluster.ts";
import { awsProvider, objectsBucket } from "../foundation/aws-names.ts";
import type { awsFoundationSchema } from "../foundation/aws-outputs.ts";
import type { ReadFoundation } from "../foundation/common-outputs.ts";
import { deployed } from "./deployed.ts";
import { entryOf } from "./entry-of.ts";
import { managedRedis } from "./managed-redis.ts";
import type { CloudConnectionArgs, Connection } from "./connection.ts";
import { deployEksAddOns } from "./eks-add-ons.ts";
import { eksGateways } from "./eks-gateways.ts";
import { awsTargets } from "./targets/aws.ts";

/** Connects the platform to its foundation on AWS: deploys into EKS, stores artifacts in ECR, and gives service accounts their roles. */
export function connectAws({
  cluster,
  cloud,
  foundation,
}: CloudConnectionArgs<EksConfig, ReadFoundation<typeof awsFoundationSchema>>): Connection {
  const { account, region } = cluster;
  const { prefix, protect } = cloud;
  const provider = awsProvider(cluster, cloud);
  const kubernetes = new k8s.Provider("kubernetes", {
    kubeconfig: foundation.kubeconfig,
    enableConfigMapMutable: true,
  });
  const opts = { provider };
  const inBoth = { providers: [provider, kubernetes] };
  const oidc = { providerArn: foundation.oidcProviderArn, issuer: foundation.oidcIssuer };
  new DefaultStorageClass(
    "storage-class",
    {
      className: "gp3-encrypted",
      provisioner: "ebs.csi.aws.com",
      parameters: { type: "gp3", encrypted: "true", kmsKeyId: foundation.volumesKeyArn },
    },
    { provider: kubernetes },
  );
  const createRole = (
    name: string,
    serviceAccount: { namespace: string; serviceAccount: string },
    statements: readonly AwsStatement[],
  ): EksServiceAccountRole => new EksServiceAccountRole(name, { oidc, ...serviceAccount, statements }, opts);

  return {
    kubernetes,
    connect: ({ images, repositories }) => {
      const registry = new EcrRegistry(
        "registry",
        { account, region, keyArn: foundation.registryKeyArn, images, repositories, protect },
        opts,
      );
      const redis = cloud.redis && managedRedis(foundation, ELASTICACHE_PORT);
      return {
        registry,
        redis,
        exporters: deployEksAddOns(
          { cluster, clusterName: prefix, oidc, registry, images, foundation },
          inBoth,
        ),
        // The nodes of Auto Mode do not have the driver of our volumes.
        volumeNodes: cluster.nodeAutoProvisioning && { [POOL_LABEL]: "cpu" },
        gateway: eksGateways({ cluster, cloud, oidc, foundation, registry }, inBoth),
        target: awsTargets({ account, region, prefix, protect, foundation, redis }, opts),
        secrets:
          cloud.secrets.length === 0
            ? undefined
            : ({ namespace, serviceAccount, secrets }) => ({
                stores: { "aws-secrets-manager": { region } },
                identity: createRole(
                  `${serviceAccount}-identity`,
                  { namespace, serviceAccount },
                  readSecretStatements(
                    secrets.map((secret) => entryOf(foundation.secretArns, secret, "cloud.secrets")),
                    deployed(foundation.secretsKeyArn, "cloud.secrets"),
                  ),
                ).identity,
              }),
        identity: ({ namespace, serviceAccount, access }) => {
          const statements = [
            ...registry.statements(access),
            ...(access === "write"
              ? s3WriteStatements(objectsBucket(cluster, cloud), foundation.objectsKeyArn)
              : []),
          ];
          if (statements.length === 0) return undefined;
          return createRole(
            `${namespace}-${serviceAccount}-identity`,
            { namespace, serviceAccount },
            statements,
          ).identity;
        },
      };
    },
  };
}
