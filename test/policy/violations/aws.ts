// A table: one resource that breaks each policy of AWS.
import { ref } from "./planned.ts";
import type { Planned, Violation } from "./planned.ts";

const TAGS = { owner: "ml", environment: "test" };
const ACCOUNT = "417366251839";
const ISSUER = "oidc.eks.eu-central-1.amazonaws.com/id/ABC";

function document(...statements: Record<string, unknown>[]): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: statements });
}

function eks(name: string): Planned[] {
  const inputs = {
    name,
    version: "1.99",
    roleArn: `arn:aws:iam::${ACCOUNT}:role/eks`,
    vpcConfig: {
      subnetIds: ["subnet-1"],
      endpointPrivateAccess: true,
      endpointPublicAccess: true,
      publicAccessCidrs: ["203.0.113.0/24"],
    },
    encryptionConfig: {
      resources: ["secrets"],
      provider: { keyArn: `arn:aws:kms:eu-central-1:${ACCOUNT}:key/1` },
    },
    enabledClusterLogTypes: ["api", "audit", "authenticator", "controllerManager", "scheduler"],
    tags: TAGS,
  };
  return [{ name, type: "aws:eks/cluster:Cluster", inputs, protect: true }];
}

function repository(name: string): Planned[] {
  return [
    {
      name,
      type: "aws:ecr/repository:Repository",
      inputs: {
        name,
        imageTagMutability: "IMMUTABLE",
        imageScanningConfiguration: { scanOnPush: true },
        tags: TAGS,
      },
    },
  ];
}

function repositoryPolicy(name: string): Planned[] {
  const statement = {
    Effect: "Allow",
    Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` },
    Action: "ecr:BatchGetImage",
  };
  const inputs = { repository: "runtime", policy: document(statement) };
  return [{ name, type: "aws:ecr/repositoryPolicy:RepositoryPolicy", inputs }];
}

function bucket(name: string): Planned[] {
  const inputs = {
    bucket: ref(name),
    blockPublicAcls: true,
    blockPublicPolicy: true,
    ignorePublicAcls: true,
    restrictPublicBuckets: true,
  };
  const rules = [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms" } }];
  return [
    { name, type: "aws:s3/bucket:Bucket", inputs: { tags: TAGS }, protect: true },
    {
      name: `${name}-versions`,
      type: "aws:s3/bucketVersioning:BucketVersioning",
      inputs: { bucket: ref(name), versioningConfiguration: { status: "Enabled" } },
    },
    {
      name: `${name}-encryption`,
      type: "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
      inputs: { bucket: ref(name), rules },
    },
    { name: `${name}-block`, type: "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", inputs },
  ];
}

function redis(name: string): Planned[] {
  return [
    {
      name,
      type: "aws:elasticache/replicationGroup:ReplicationGroup",
      inputs: {
        description: name,
        atRestEncryptionEnabled: true,
        transitEncryptionEnabled: true,
        userGroupIds: ["online"],
        tags: TAGS,
      },
      protect: true,
    },
  ];
}

function key(name: string): Planned[] {
  const root = {
    Effect: "Allow",
    Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` },
    Action: "kms:*",
    Resource: "*",
  };
  return [{ name, type: "aws:kms/key:Key", inputs: { policy: document(root), tags: TAGS }, protect: true }];
}

function trust(condition: Record<string, unknown>): string {
  return document({
    Effect: "Allow",
    Principal: { Federated: `arn:aws:iam::${ACCOUNT}:oidc-provider/${ISSUER}` },
    Action: "sts:AssumeRoleWithWebIdentity",
    Condition: condition,
  });
}

function role(name: string): Planned[] {
  const exact = {
    [`${ISSUER}:sub`]: "system:serviceaccount:production:pushback",
    [`${ISSUER}:aud`]: "sts.amazonaws.com",
  };
  return [
    {
      name,
      type: "aws:iam/role:Role",
      inputs: { assumeRolePolicy: trust({ StringEquals: exact }), tags: TAGS },
    },
  ];
}

/** Two service accounts, each with a role of its own. */
function podIdentities(name: string): Planned[] {
  const association = (end: string, role: string): Planned => ({
    name: `${name}${end}`,
    type: "aws:eks/podIdentityAssociation:PodIdentityAssociation",
    inputs: {
      clusterName: "slipway",
      namespace: "platform",
      serviceAccount: role,
      roleArn: `arn:aws:iam::${ACCOUNT}:role/${role}`,
      tags: TAGS,
    },
  });
  return [association("", "training"), association("-serving", "serving")];
}

function rolePolicy(name: string): Planned[] {
  const statement = { Effect: "Allow", Action: ["s3:GetObject"], Resource: "*" };
  return [
    {
      name,
      type: "aws:iam/rolePolicy:RolePolicy",
      inputs: { role: "pushback", policy: document(statement) },
    },
  ];
}

function gpuNodes(name: string): Planned[] {
  const inputs = {
    clusterName: "test",
    nodeRoleArn: `arn:aws:iam::${ACCOUNT}:role/nodes`,
    subnetIds: ["subnet-1"],
    instanceTypes: ["g6.xlarge"],
    scalingConfig: { minSize: 0, desiredSize: 0, maxSize: 2 },
    tags: TAGS,
  };
  return [{ name, type: "aws:eks/nodeGroup:NodeGroup", inputs }];
}

function securityGroup(name: string): Planned[] {
  const ingress = [{ protocol: "tcp", fromPort: 443, toPort: 443, cidrBlocks: ["10.0.0.0/8"] }];
  return [{ name, type: "aws:ec2/securityGroup:SecurityGroup", inputs: { ingress, tags: TAGS } }];
}

function database(name: string): Planned[] {
  const inputs = {
    engine: "postgres",
    instanceClass: "db.t4g.medium",
    allocatedStorage: 20,
    storageEncrypted: true,
    publiclyAccessible: false,
    tags: TAGS,
  };
  return [{ name, type: "aws:rds/instance:Instance", inputs, protect: true }];
}

function launchTemplate(name: string): Planned[] {
  const inputs = {
    metadataOptions: { httpTokens: "required" },
    blockDeviceMappings: [{ deviceName: "/dev/xvda", ebs: { encrypted: "true", volumeSize: 20 } }],
    tags: TAGS,
  };
  return [{ name, type: "aws:ec2/launchTemplate:LaunchTemplate", inputs }];
}

function functionUrl(name: string): Planned[] {
  const inputs = { functionName: "pushback", authorizationType: "AWS_IAM" };
  return [{ name, type: "aws:lambda/functionUrl:FunctionUrl", inputs }];
}

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
