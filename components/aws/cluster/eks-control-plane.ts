import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { OidcIssuer } from "./eks-service-account-role.ts";
import { trustService } from "../policy-document.ts";
import { eksSupportWarning, eksVersion } from "./eks-versions.ts";
import { after } from "../../platform/after.ts";
import { AwsKey } from "../key.ts";
import { isPrivateCidr } from "../private-cidr.ts";
import type { AwsVpc } from "../vpc.ts";

export interface EksControlPlaneArgs {
  /** Name of the cluster in AWS. */
  clusterName: string;
  account: string;
  network: AwsVpc;
  /** Encrypts the logs; its policy must let CloudWatch Logs use it (`forLogGroups`). */
  logsKey: AwsKey;
  /** Minor version of Kubernetes that EKS has in standard support. @default 1.36 */
  version?: string;
  /**
   * Networks that may reach the API server besides `network`: a public one over the internet, at a public endpoint for these networks
   * alone; a private one, such as a VPN or a peered network, at the private endpoint. @default - none: only machines in `network`
   */
  adminCidrs?: readonly string[];
  /** ARNs of IAM roles that administer the cluster, besides the identity that creates it. @default - none */
  adminRoleArns?: readonly string[];
  /** ARNs of IAM roles that may read everything in the cluster but Secrets. @default - none */
  viewerRoleArns?: readonly string[];
  /** Prepare the cluster for EKS Auto Mode, whose node pools are Kubernetes objects. @default false */
  autoMode?: boolean;
  /** Days that the logs are kept. @default 365 */
  logDays?: number;
  /** Refuse to delete the cluster and the key that encrypts its secrets. @default true */
  protect?: boolean;
}

/** Rights that Auto Mode adds to the role of the control plane. */
const AUTO_MODE_POLICIES = [
  "AmazonEKSComputePolicy",
  "AmazonEKSBlockStoragePolicy",
  "AmazonEKSLoadBalancingPolicy",
  "AmazonEKSNetworkingPolicy",
] as const;

/** Auto Mode without the node pools that it includes, which have no limits. AWS accepts its three parts only together. */
const AUTO_MODE = {
  computeConfig: { enabled: true },
  storageConfig: { blockStorage: { enabled: true } },
  kubernetesNetworkConfig: { elasticLoadBalancing: { enabled: true } },
} as const;

const LOG_TYPES = ["api", "audit", "authenticator", "controllerManager", "scheduler"];

/**
 * The control plane of an EKS cluster, without nodes: a private endpoint, Kubernetes secrets encrypted with a key of its own,
 * all control plane logs, rights by access entries only (no `aws-auth`), and the OIDC issuer that lets service accounts
 * assume IAM roles.
 *
 * @example
 * new EksControlPlane("cluster-plane", { clusterName: "slipway", account, network, logsKey });
 */
export class EksControlPlane extends pulumi.ComponentResource {
  readonly resource: aws.eks.Cluster;
  readonly version: string;
  readonly oidc: OidcIssuer;
  /** The security group that EKS creates for the control plane and all nodes. */
  readonly securityGroupId: pulumi.Output<string>;

  constructor(name: string, args: EksControlPlaneArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:cluster:EksControlPlane", name, {}, opts);
    const { clusterName, account, network, logsKey, adminCidrs = [], adminRoleArns = [] } = args;
    const { viewerRoleArns = [], autoMode = false, logDays = 365, protect = true } = args;
    this.version = eksVersion(args.version, name);
    const warning = eksSupportWarning(this.version, new Date());
    if (warning !== undefined) void pulumi.log.warn(warning, this);
    const worldCidr = adminCidrs.find((cidr) => cidr.endsWith("/0"));
    if (worldCidr !== undefined)
      throw new Error(
        `${name}: adminCidrs must not be the whole internet, got ${worldCidr}; name your own networks`,
      );
    const publicCidrs = adminCidrs.filter((cidr) => !isPrivateCidr(cidr));
    const twice = viewerRoleArns.find((arn) => adminRoleArns.includes(arn));
    if (twice !== undefined)
      throw new Error(
        `${name}: viewerRoleArns must not name an administrator, got ${twice}; keep it in one list`,
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
        assumeRolePolicy: autoMode
          ? trustService("eks.amazonaws.com", undefined, ["sts:AssumeRole", "sts:TagSession"])
          : trustService("eks.amazonaws.com"),
      },
      { parent: this },
    );
    const attachment = new aws.iam.RolePolicyAttachment(
      `${name}-policy`,
      { role: role.name, policyArn: "arn:aws:iam::aws:policy/AmazonEKSClusterPolicy" },
      { parent: this },
    );
    const autoModeAttachments = (autoMode ? AUTO_MODE_POLICIES : []).map(
      (policy) =>
        new aws.iam.RolePolicyAttachment(
          `${name}-${policy}`,
          { role: role.name, policyArn: `arn:aws:iam::aws:policy/${policy}` },
          { parent: this },
        ),
    );
    // Otherwise EKS creates the log group itself, without the key and without an expiry.
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
          endpointPublicAccess: publicCidrs.length > 0,
          publicAccessCidrs: publicCidrs.length > 0 ? publicCidrs : undefined,
        },
        // The deploying identity needs access to create Kubernetes objects. Its access entry can be replaced later.
        accessConfig: { authenticationMode: "API", bootstrapClusterCreatorAdminPermissions: true },
        encryptionConfig: { resources: ["secrets"], provider: { keyArn: key.arn } },
        enabledClusterLogTypes: LOG_TYPES,
        // AWS upgrades the cluster when standard support ends. Extended support would cost six times as much.
        upgradePolicy: { supportType: "STANDARD" },
        bootstrapSelfManagedAddons: false, // EksCluster installs them as EKS add-ons
        deletionProtection: protect,
        ...(autoMode ? AUTO_MODE : {}),
      },
      {
        parent: this,
        protect,
        dependsOn: [attachment, ...autoModeAttachments, logs, ...network.egress],
        ignoreChanges: ["accessConfig.bootstrapClusterCreatorAdminPermissions"], // AWS reads it only at creation
      },
    );
    // The program gives a part of vpcConfig, so a plan takes the rest for undefined: with the ARN it is unknown, as it should be.
    this.securityGroupId = after(this.resource.vpcConfig.clusterSecurityGroupId, this.resource.arn);
    this.letNetworksIn(name, [...new Set([network.cidr, ...adminCidrs.filter(isPrivateCidr)])]);
    this.letRolesIn(`${name}-admin`, adminRoleArns, "AmazonEKSClusterAdminPolicy");
    this.letRolesIn(`${name}-viewer`, viewerRoleArns, "AmazonEKSViewPolicy");
    const url = this.resource.identities[0]!.oidcs[0]!.issuer;
    const provider = new aws.iam.OpenIdConnectProvider(
      `${name}-oidc`,
      { url, clientIdLists: ["sts.amazonaws.com"] }, // no thumbprint: AWS trusts the certificate authority of EKS
      { parent: this },
    );
    this.oidc = { providerArn: provider.arn, issuer: url.apply((issuer) => issuer.replace("https://", "")) };
    this.registerOutputs({});
  }

  /** Lets networks reach the private endpoint, that of the cluster too: the security group that EKS creates lets in only its own members. */
  private letNetworksIn(name: string, cidrs: readonly string[]): void {
    for (const cidrIpv4 of cidrs)
      new aws.vpc.SecurityGroupIngressRule(
        `${name}-from-${cidrIpv4.replace("/", "-")}`,
        {
          securityGroupId: this.securityGroupId,
          description: "API server, from a network of administrators",
          cidrIpv4,
          ipProtocol: "tcp",
          fromPort: 443,
          toPort: 443,
        },
        { parent: this, deletedWith: this.resource },
      );
  }

  /** Gives IAM roles the rights of an access policy in the whole cluster. */
  private letRolesIn(name: string, roleArns: readonly string[], policy: string): void {
    for (const [index, principalArn] of roleArns.entries()) {
      const entry = new aws.eks.AccessEntry(
        `${name}-${index}`,
        { clusterName: this.resource.name, principalArn },
        { parent: this, deletedWith: this.resource },
      );
      new aws.eks.AccessPolicyAssociation(
        `${name}-${index}-policy`,
        {
          clusterName: this.resource.name,
          principalArn: entry.principalArn,
          policyArn: `arn:aws:eks::aws:cluster-access-policy/${policy}`,
          accessScope: { type: "cluster" },
        },
        { parent: this, deletedWith: this.resource },
      );
    }
  }
}
