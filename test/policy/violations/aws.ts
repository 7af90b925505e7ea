import {
  ACCOUNT,
  ISSUER,
  document,
  eks,
  repository,
  repositoryPolicy,
  bucket,
  redis,
  key,
  trust,
  role,
  podIdentities,
  rolePolicy,
  gpuNodes,
  securityGroup,
  database,
  launchTemplate,
  functionUrl,
} from "./aws-resources.ts";
import type { Violation } from "./planned.ts";

const ANYONE = { AWS: "*" };

/** One for each policy of AWS, and those of the platform that AWS shows best. */
export const awsViolations: Violation[] = [
  { policy: "aws-eks-control-plane-logs", good: eks, set: { enabledClusterLogTypes: ["api", "audit"] } },
  {
    policy: "aws-eks-no-open-endpoint",
    good: eks,
    set: { "vpcConfig.publicAccessCidrs": ["203.0.113.0/24", "0.0.0.0/0"] },
    reads: ["vpcConfig.endpointPublicAccess"],
  },
  { policy: "aws-eks-private-endpoint", good: eks, set: { "vpcConfig.endpointPrivateAccess": undefined } },
  { policy: "aws-eks-secrets-encryption", good: eks, set: { encryptionConfig: undefined } },
  {
    policy: "aws-ecr-not-public",
    good: repositoryPolicy,
    set: { policy: document({ Effect: "Allow", Principal: "*", Action: "ecr:BatchGetImage" }) },
  },
  { policy: "aws-ecr-immutable-tags", good: repository, set: { imageTagMutability: undefined } },
  {
    policy: "aws-ecr-scan-on-push",
    good: repository,
    set: { "imageScanningConfiguration.scanOnPush": false },
  },
  {
    policy: "aws-s3-encrypted",
    good: bucket,
    beside: {
      "-encryption": { rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "none" } }] },
    },
  },
  {
    policy: "aws-s3-versioned",
    good: bucket,
    beside: { "-versions": { versioningConfiguration: { status: "Suspended" } } },
  },
  { policy: "aws-s3-block-public-acls", good: bucket, beside: { "-block": { blockPublicAcls: false } } },
  { policy: "aws-s3-block-public-policy", good: bucket, beside: { "-block": { blockPublicPolicy: false } } },
  {
    policy: "aws-s3-ignore-public-acls",
    good: bucket,
    beside: { "-block": { ignorePublicAcls: undefined } },
  },
  {
    policy: "aws-s3-restrict-public-buckets",
    good: bucket,
    beside: { "-block": { restrictPublicBuckets: false } },
  },
  { policy: "aws-elasticache-encrypted-at-rest", good: redis, set: { atRestEncryptionEnabled: false } },
  {
    policy: "aws-elasticache-encrypted-in-transit",
    good: redis,
    set: { transitEncryptionEnabled: undefined },
  },
  { policy: "aws-elasticache-auth", good: redis, set: { userGroupIds: [] } },
  {
    policy: "aws-kms-key-principal",
    good: key,
    set: { policy: document({ Effect: "Allow", Principal: ANYONE, Action: "kms:Decrypt", Resource: "*" }) },
  },
  {
    policy: "aws-iam-assume-role-principal",
    good: role,
    set: { assumeRolePolicy: document({ Effect: "Allow", Principal: ANYONE, Action: "sts:AssumeRole" }) },
  },
  {
    policy: "aws-iam-no-star-action",
    good: rolePolicy,
    set: { policy: document({ Effect: "Allow", Action: "*", Resource: "*" }) },
  },
  {
    policy: "aws-iam-no-escalation",
    good: rolePolicy,
    set: { policy: document({ Effect: "Allow", Action: "iam:*", Resource: "*" }) },
  },
  {
    policy: "platform-pod-identity-aws",
    good: podIdentities,
    set: { roleArn: `arn:aws:iam::${ACCOUNT}:role/serving` },
    reads: ["namespace", "serviceAccount"],
  },
  {
    policy: "platform-workload-identity-aws",
    good: role,
    set: {
      assumeRolePolicy: trust({
        StringLike: { [`${ISSUER}:sub`]: "system:serviceaccount:production:*" },
        StringEquals: { [`${ISSUER}:aud`]: "sts.amazonaws.com" },
      }),
    },
  },
  {
    policy: "aws-security-group-not-open",
    good: securityGroup,
    set: { ingress: [{ protocol: "tcp", fromPort: 22, toPort: 22, cidrBlocks: ["0.0.0.0/0"] }] },
  },
  { policy: "aws-rds-not-public", good: database, set: { publiclyAccessible: true } },
  { policy: "aws-rds-encrypted", good: database, set: { storageEncrypted: undefined } },
  { policy: "aws-ec2-imdsv2", good: launchTemplate, set: { "metadataOptions.httpTokens": "optional" } },
  {
    policy: "aws-ebs-encrypted",
    good: launchTemplate,
    set: { blockDeviceMappings: [{ deviceName: "/dev/xvda", ebs: { volumeSize: 20 } }] },
  },
  { policy: "aws-lambda-url-auth", good: functionUrl, set: { authorizationType: "NONE" } },
  {
    policy: "platform-kubernetes-version-ends",
    good: eks,
    set: { version: "1.36" },
    config: { days: 3000 },
  },
  { policy: "platform-data-protected", good: redis, unprotect: true },
  { policy: "platform-required-tags", good: repository, set: { tags: { owner: "ml" } } },
  { policy: "platform-kubernetes-version", good: eks, set: { version: "1.20" } },
  {
    policy: "platform-gpu-pools-scale-to-zero",
    good: gpuNodes,
    set: { "scalingConfig.minSize": 1 },
    reads: ["instanceTypes"],
  },
];
