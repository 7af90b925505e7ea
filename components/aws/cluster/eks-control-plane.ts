import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { OidcIssuer } from "./eks-service-account-role.ts";
import { trustService } from "../policy-document.ts";
import { eksSupportWarning, eksVersion } from "./eks-versions.ts";
import { AwsKey } from "../key.ts";
import type { AwsVpc } from "../vpc.ts";

export interface EksControlPlaneArgs {
  /** Name in AWS. */
  clusterName: string;
  account: string;
  network: AwsVpc;
  /** Encrypts the logs; CloudWatch Logs has to be let use it. */
  logsKey: AwsKey;
  /** Minor version of Kubernetes, one that EKS has in standard support. @default 1.35 */
  version?: string;
  /** Networks from which the API server may be reached over the internet. @default - none: from within the network alone */
  allowedCidrs?: readonly string[];
  /** ARNs of roles that administer the cluster beside whoever creates it. @default - none */
  adminRoleArns?: readonly string[];
  /** Days that the logs are kept. @default 365 */
  logDays?: number;
  /** Refuse to delete the cluster and the key of its secrets. @default true */
  protect?: boolean;
}

const LOG_TYPES = ["api", "audit", "authenticator", "controllerManager", "scheduler"];

/**
 * The API server of EKS and all that goes with it but nodes: a private endpoint, secrets encrypted with a key of its
 * own, all logs, rights by access entries alone (no `aws-auth`), and an issuer by which service accounts stand for roles.
 *
 * @example
 * new EksControlPlane("cluster-plane", { clusterName: "slipway", account, network, logsKey });
 */
export class EksControlPlane extends pulumi.ComponentResource {
  readonly resource: aws.eks.Cluster;
  readonly version: string;
  readonly oidc: OidcIssuer;

  constructor(name: string, args: EksControlPlaneArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:cluster:EksControlPlane", name, {}, opts);
    const { clusterName, account, network, logsKey, allowedCidrs = [], adminRoleArns = [] } = args;
    const { logDays = 365, protect = true } = args;
    this.version = eksVersion(args.version, name);
    const warning = eksSupportWarning(this.version, new Date());
    if (warning !== undefined) void pulumi.log.warn(warning, this);
    const open = allowedCidrs.find((cidr) => cidr.endsWith("/0"));
    if (open !== undefined)
      throw new Error(
        `${name}: allowedCidrs must not be the whole internet, got ${open}; name your own networks`,
      );

    const key = new AwsKey(
      `${name}-secrets`,
      { description: `Secrets of the cluster ${clusterName}`, account, protect },
      { parent: this },
    );
    const role = new aws.iam.Role(
      `${name}-role`,
      {
        description: `Control plane of the cluster ${clusterName}`,
        assumeRolePolicy: trustService("eks.amazonaws.com"),
      },
      { parent: this },
    );
    const attachment = new aws.iam.RolePolicyAttachment(
      `${name}-policy`,
      { role: role.name, policyArn: "arn:aws:iam::aws:policy/AmazonEKSClusterPolicy" },
      { parent: this },
    );
    // EKS would make it by itself, kept for ever and without the key.
    const logs = new aws.cloudwatch.LogGroup(
      `${name}-logs`,
      { name: `/aws/eks/${clusterName}/cluster`, retentionInDays: logDays, kmsKeyId: logsKey.arn },
      { parent: this },
    );
    this.resource = new aws.eks.Cluster(
      `${name}-cluster`,
      {
        name: clusterName,
        version: this.version,
        roleArn: role.arn,
        vpcConfig: {
          subnetIds: network.privateSubnetIds,
          endpointPrivateAccess: true,
          endpointPublicAccess: allowedCidrs.length > 0,
          publicAccessCidrs: allowedCidrs.length > 0 ? [...allowedCidrs] : undefined,
        },
        // Whoever deploys has to get in; an entry for it can be added, and this one taken away, later.
        accessConfig: { authenticationMode: "API", bootstrapClusterCreatorAdminPermissions: true },
        encryptionConfig: { resources: ["secrets"], provider: { keyArn: key.arn } },
        enabledClusterLogTypes: LOG_TYPES,
        // At the end of standard support AWS upgrades the cluster, where it would charge six times as much otherwise.
        upgradePolicy: { supportType: "STANDARD" },
        bootstrapSelfManagedAddons: false, // they are add-ons of EKS, below
        deletionProtection: protect,
      },
      {
        parent: this,
        protect,
        dependsOn: [attachment, logs, ...network.egress],
        ignoreChanges: ["accessConfig.bootstrapClusterCreatorAdminPermissions"], // says something at the creation alone
      },
    );
    for (const [index, principalArn] of adminRoleArns.entries()) {
      const entry = new aws.eks.AccessEntry(
        `${name}-admin-${index}`,
        { clusterName: this.resource.name, principalArn },
        { parent: this, deletedWith: this.resource },
      );
      new aws.eks.AccessPolicyAssociation(
        `${name}-admin-${index}-policy`,
        {
          clusterName: this.resource.name,
          principalArn: entry.principalArn,
          policyArn: "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy",
          accessScope: { type: "cluster" },
        },
        { parent: this, deletedWith: this.resource },
      );
    }
    const url = this.resource.identities[0]!.oidcs[0]!.issuer;
    const provider = new aws.iam.OpenIdConnectProvider(
      `${name}-oidc`,
      { url, clientIdLists: ["sts.amazonaws.com"] }, // AWS knows the authority: no thumbprint
      { parent: this },
    );
    this.oidc = { providerArn: provider.arn, issuer: url.apply((issuer) => issuer.replace("https://", "")) };
    this.registerOutputs({});
  }
}
