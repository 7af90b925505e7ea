import * as pulumi from "@pulumi/pulumi";
import type { Recorded } from "./record.ts";

export const ACCOUNT = "417366251839";
export const REGION = "eu-central-1";
export const place = { account: ACCOUNT, region: REGION };

/** Like `record`, for programs whose policies name ARNs of what they create. */
export async function recordAws<T>(
  program: () => T | Promise<T>,
): Promise<{ resources: Recorded[]; result: T }> {
  const resources: Recorded[] = [];
  await pulumi.runtime.setMocks(
    {
      newResource({ type, name, inputs, custom }) {
        const plain = plainSecrets(inputs) as Record<string, unknown>;
        resources.push({ type, name, inputs: plain });
        return {
          id: custom === false ? "" : `${name}-id`,
          state: { ...plain, ...outputs(type, name, plain) },
        };
      },
      call: ({ token }) => {
        throw new Error(`unexpected call of ${token}`);
      },
    },
    "slipway",
    "test",
  );
  let result: T;
  try {
    result = await program();
  } finally {
    await pulumi.runtime.disconnect();
  }
  resources.sort((a, b) => `${a.type} ${a.name}`.localeCompare(`${b.type} ${b.name}`));
  return { resources, result };
}

/** What the providers would add. */
function outputs(type: string, name: string, inputs: Record<string, unknown>): Record<string, unknown> {
  const given = inputs["name"];
  const named = { name: typeof given === "string" ? given : `${name}-auto`, arn: `arn:${name}` };
  switch (type) {
    case "aws:eks/cluster:Cluster":
      return {
        ...named,
        endpoint: "https://ABC.eks.amazonaws.com",
        certificateAuthority: { data: "Q0E=" },
        identities: [{ oidcs: [{ issuer: "https://oidc.eks.eu-central-1.amazonaws.com/id/ABC" }] }],
        vpcConfig: { ...(inputs["vpcConfig"] as object), clusterSecurityGroupId: "sg-nodes" },
      };
    case "aws:eks/nodeGroup:NodeGroup":
      return { ...named, resources: [{ autoscalingGroups: [{ name: `eks-${name}` }] }] };
    case "aws:ec2/launchTemplate:LaunchTemplate":
      return { ...named, latestVersion: 3 };
    case "aws:secretsmanager/secret:Secret":
      return {
        ...named,
        arn: `arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret:${named.name}-AbCdEf`,
      };
    case "random:index/randomPassword:RandomPassword":
      return { result: "generated" };
    case "aws:acm/certificate:Certificate":
      return {
        ...named,
        domainValidationOptions: [
          { resourceRecordName: "_x.example.com.", resourceRecordType: "CNAME", resourceRecordValue: "_y." },
        ],
      };
    case "aws:elasticache/replicationGroup:ReplicationGroup":
      return { ...named, primaryEndpointAddress: "master.redis.example" };
    case "aws:rds/instance:Instance":
      return { ...named, address: "db.example", masterUserSecrets: [{ secretArn: "arn:secret" }] };
  }
  if (type.startsWith("kubernetes:")) {
    const { metadata = {} } = inputs as { metadata?: object };
    return { metadata: { name: `${name}-auto`, ...metadata } };
  }
  return type.startsWith("aws:") ? named : {};
}

/** Parses a policy, or whatever is JSON in an input. */
export function json(text: unknown): unknown {
  if (typeof text !== "string") throw new Error(`must be text, got ${JSON.stringify(text)}`);
  return JSON.parse(text);
}

const SIGNATURE = "4dabf18193072939515e22adb298388d";

function plainSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plainSecrets);
  if (typeof value !== "object" || value === null) return value;
  if (SIGNATURE in value && "value" in value) return { secret: value.value };
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plainSecrets(inner)]));
}
