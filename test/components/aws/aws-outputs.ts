export const ACCOUNT = "417366251839";
export const REGION = "eu-central-1";
export const place = { account: ACCOUNT, region: REGION };

/** What AWS would add to a resource: its ARN, addresses, the name of what was given none. */
export function awsOutputs(
  type: string,
  name: string,
  inputs: Record<string, unknown>,
): Record<string, unknown> {
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
    case "aws:ec2/subnet:Subnet":
      return {
        ...named,
        availabilityZone: inputs["availabilityZone"] ?? `zone of ${String(inputs["availabilityZoneId"])}`,
      };
    case "aws:route53/zone:Zone":
      return { ...named, zoneId: "Z1", nameServers: ["ns-1.example", "ns-2.example"] };
    case "aws:ec2/launchTemplate:LaunchTemplate":
      return { ...named, latestVersion: 3 };
    case "aws:secretsmanager/secret:Secret":
      return {
        ...named,
        arn: `arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret:${named.name}-AbCdEf`,
      };
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
  return named;
}

/** Parses a policy, or whatever is JSON in an input. */
export function json(text: unknown): unknown {
  if (typeof text !== "string") throw new Error(`must be text, got ${JSON.stringify(text)}`);
  return JSON.parse(text);
}
