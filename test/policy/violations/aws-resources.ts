// Resources of AWS that keep every policy.
import { ref } from "./planned.ts";
import type { Planned } from "./planned.ts";

const TAGS = { owner: "ml", environment: "test" };
export const ACCOUNT = "417366251839";
export const ISSUER = "oidc.eks.eu-central-1.amazonaws.com/id/ABC";

export function document(...statements: Record<string, unknown>[]): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: statements });
}

export function eks(name: string): Planned[] {
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

export function repository(name: string): Planned[] {
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

export function repositoryPolicy(name: string): Planned[] {
  const statement = {
    Effect: "Allow",
    Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` },
    Action: "ecr:BatchGetImage",
  };
  const inputs = { repository: "runtime", policy: document(statement) };
  return [{ name, type: "aws:ecr/repositoryPolicy:RepositoryPolicy", inputs }];
}

export function bucket(name: string): Planned[] {
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

export function redis(name: string): Planned[] {
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

export function key(name: string): Planned[] {
  const root = {
    Effect: "Allow",
    Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` },
    Action: "kms:*",
    Resource: "*",
  };
  return [{ name, type: "aws:kms/key:Key", inputs: { policy: document(root), tags: TAGS }, protect: true }];
}

export function trust(condition: Record<string, unknown>): string {
  return document({
    Effect: "Allow",
    Principal: { Federated: `arn:aws:iam::${ACCOUNT}:oidc-provider/${ISSUER}` },
    Action: "sts:AssumeRoleWithWebIdentity",
    Condition: condition,
  });
}

export function role(name: string): Planned[] {
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
export function podIdentities(name: string): Planned[] {
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

export function rolePolicy(name: string): Planned[] {
  const statement = { Effect: "Allow", Action: ["s3:GetObject"], Resource: "*" };
  return [
    {
      name,
      type: "aws:iam/rolePolicy:RolePolicy",
      inputs: { role: "pushback", policy: document(statement) },
    },
  ];
}

export function gpuNodes(name: string): Planned[] {
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

export function securityGroup(name: string): Planned[] {
  const ingress = [{ protocol: "tcp", fromPort: 443, toPort: 443, cidrBlocks: ["10.0.0.0/8"] }];
  return [{ name, type: "aws:ec2/securityGroup:SecurityGroup", inputs: { ingress, tags: TAGS } }];
}

export function database(name: string): Planned[] {
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

export function launchTemplate(name: string): Planned[] {
  const inputs = {
    metadataOptions: { httpTokens: "required" },
    blockDeviceMappings: [{ deviceName: "/dev/xvda", ebs: { encrypted: "true", volumeSize: 20 } }],
    tags: TAGS,
  };
  return [{ name, type: "aws:ec2/launchTemplate:LaunchTemplate", inputs }];
}

export function functionUrl(name: string): Planned[] {
  const inputs = { functionName: "pushback", authorizationType: "AWS_IAM" };
  return [{ name, type: "aws:lambda/functionUrl:FunctionUrl", inputs }];
}
