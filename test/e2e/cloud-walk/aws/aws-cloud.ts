import { NETWORK } from "../../../../local/cluster/layout.ts";
import { ACCOUNT, awsOutputs, REGION } from "../../../components/aws/aws-outputs.ts";
import { Account } from "../account/account.ts";
import { ManagedRedis } from "../account/redis.ts";
import type { Cloud, LocalServices } from "../cloud.ts";
import { answering, execCredential } from "../commands/answering.ts";
import { AwsApis } from "./aws-apis.ts";
import { awsBehaviors, REDIS_HOST } from "./aws-behaviors.ts";
import { EcrRegistry } from "./ecr-registry.ts";
import { loadBalancer } from "./load-balancer.ts";
import { identityWebhook } from "../kubernetes/identity-webhook.ts";
import { podIdentity } from "./pod-identity.ts";
import { SecurityTokens } from "./security-tokens.ts";

/** Starts the stand-in of AWS. */
export async function awsCloud(local: LocalServices): Promise<Cloud> {
  const { authority, atEnd, check, clusterToken, kubectl } = local;
  const redis = new ManagedRedis({
    address: NETWORK.node,
    port: 6379,
    certificate: await authority.issue(`DNS:${REDIS_HOST}`),
    authority: authority.file,
  });
  atEnd(() => redis.stop());
  const account = new Account({ package: "aws", outputsOf: awsOutputs, behaviors: awsBehaviors(redis) });
  const tokens = new SecurityTokens(account, check);
  const apis = new AwsApis(account, tokens);
  const registry = new EcrRegistry({
    account,
    store: local.store,
    login: (password) => apis.principalOf(password),
    upstream: local.upstream,
  });
  const webhook = await identityWebhook(kubectl, { authority, ...podIdentity(REGION) });
  atEnd(webhook.close);

  const registryHost = `${ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com`;
  const basic = Buffer.from(`AWS:${apis.nodesPassword}`).toString("base64");
  const password = apis.passwordFor({ name: "deployer", may: () => true });
  return {
    account,
    sites: {
      [registryHost]: registry.site,
      [`api.ecr.${REGION}.amazonaws.com`]: apis.ecr,
      [`sts.${REGION}.amazonaws.com`]: tokens.site,
      [`secretsmanager.${REGION}.amazonaws.com`]: apis.secretsManager,
      [`elasticloadbalancing.${REGION}.amazonaws.com`]: apis.loadBalancing,
    },
    podHosts: [REDIS_HOST],
    balancer: loadBalancer(account, apis),
    registry: { host: registryHost, authorization: `Basic ${basic}` },
    commands: {
      aws: answering("aws", {
        "ecr get-login-password": password,
        "eks get-token": execCredential(clusterToken),
      }),
    },
    volumeDriver: "ebs.csi.aws.com",
    secretValues: apis.secretValues,
    refused: () => [...registry.refused, ...tokens.refused, ...apis.refused],
  };
}
