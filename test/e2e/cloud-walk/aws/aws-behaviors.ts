import { readFile } from "node:fs/promises";
import { API_SERVER, NETWORK } from "../../../../local/cluster/layout.ts";
import { pki } from "../../../../local/cluster/certificates.ts";
import { ACCOUNT, REGION } from "../../../components/aws/aws-outputs.ts";
import { textOf, type Behavior } from "../account/account.ts";
import type { ManagedRedis } from "../account/redis.ts";

export const REDIS_HOST = `master.slipway.walk.euc1.cache.amazonaws.com`;

/** What AWS gives resources of the walk: the cluster is the local one, and the Redis is a real one. */
export function awsBehaviors(redis: ManagedRedis): Record<string, Behavior> {
  const arn = (service: string, path: string): string => `arn:aws:${service}:${REGION}:${ACCOUNT}:${path}`;
  const nameOf = (name: string, inputs: Record<string, unknown>): string =>
    typeof inputs["name"] === "string" ? inputs["name"] : `${name}-auto`;
  return {
    "aws:eks/cluster:Cluster": {
      create: async () => ({
        endpoint: API_SERVER,
        certificateAuthority: { data: (await readFile(pki("ca.crt"))).toString("base64") },
        identities: [{ oidcs: [{ issuer: `https://kubernetes.default.svc.${NETWORK.domain}` }] }],
      }),
    },
    "aws:iam/role:Role": {
      create: async (name, inputs) => {
        const role = nameOf(name, inputs);
        return { id: role, name: role, arn: `arn:aws:iam::${ACCOUNT}:role/${role}` };
      },
    },
    "aws:ecr/repository:Repository": {
      create: async (_name, inputs) => ({ arn: arn("ecr", `repository/${textOf(inputs, "name")}`) }),
    },
    "aws:elasticache/replicationGroup:ReplicationGroup": {
      create: async (_name, inputs) => {
        await redis.start(textOf(inputs, "authToken"));
        return { primaryEndpointAddress: REDIS_HOST };
      },
      remove: async () => redis.stop(),
    },
    "aws:lb/loadBalancer:LoadBalancer": {
      create: async (name) => ({
        dnsName: `${name}.${REGION}.elb.amazonaws.com`,
        zoneId: "Z2",
        arn: arn("elasticloadbalancing", `loadbalancer/app/${name}/1`),
      }),
    },
    "aws:lb/targetGroup:TargetGroup": {
      create: async (name) => ({ arn: arn("elasticloadbalancing", `targetgroup/${name}/1`) }),
    },
  };
}
