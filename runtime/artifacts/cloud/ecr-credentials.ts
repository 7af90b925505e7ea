import { z } from "zod";
import { RegistryError } from "../registry-error.ts";
import type { Credentials } from "../credentials.ts";
import type { Expiring } from "../renewing-credentials.ts";
import { signedHeaders, type AwsKeys } from "./sigv4.ts";
import { form, projectedToken, requestJson, requestText } from "./token-request.ts";

export interface EcrOptions {
  region: string;
  /** `amazonaws.com`, or `amazonaws.com.cn`. */
  domain: string;
  roleArn: string;
  tokenFile: string;
}

const tokenSchema = z.object({
  authorizationData: z.array(z.object({ authorizationToken: z.string(), expiresAt: z.number() })).min(1),
});

/**
 * Returns credentials of an AWS registry: exchanges the service account's token for the role's keys, and those for a password of
 * the registry, which lasts 12 hours.
 *
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html
 * @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_GetAuthorizationToken.html
 */
export async function ecrCredentials(
  options: EcrOptions,
  fetchImpl: typeof fetch,
): Promise<Expiring<Credentials>> {
  const { region, domain } = options;
  const keys = await assumeRole(options, fetchImpl);
  const url = `https://api.ecr.${region}.${domain}/`;
  const body = "{}";
  const headers = {
    "content-type": "application/x-amz-json-1.1",
    "x-amz-target": "AmazonEC2ContainerRegistry_V20150921.GetAuthorizationToken",
  };
  const signed = signedHeaders({ url, service: "ecr", region, headers, body }, keys, new Date());
  const what = "get a token of Amazon ECR";
  const answer = await requestJson(
    fetchImpl,
    what,
    url,
    { method: "POST", headers: signed, body },
    tokenSchema,
  );
  const { authorizationToken, expiresAt } = answer.authorizationData[0]!;
  const [username = "", ...password] = Buffer.from(authorizationToken, "base64").toString("utf8").split(":");
  return { value: { username, password: password.join(":") }, expiresAtMs: expiresAt * 1000 };
}

async function assumeRole(options: EcrOptions, fetchImpl: typeof fetch): Promise<AwsKeys> {
  const { region, domain, roleArn, tokenFile } = options;
  const url = `https://sts.${region}.${domain}/`;
  const what = "take the role of AWS_ROLE_ARN";
  const text = await requestText(
    fetchImpl,
    what,
    url,
    form({
      Action: "AssumeRoleWithWebIdentity",
      Version: "2011-06-15",
      RoleArn: roleArn,
      RoleSessionName: "slipway",
      WebIdentityToken: await projectedToken(tokenFile, "AWS_WEB_IDENTITY_TOKEN_FILE"),
    }),
  );
  const tag = (name: string): string => {
    const found = new RegExp(`<${name}>([^<]+)</${name}>`).exec(text)?.[1];
    if (found === undefined)
      throw new RegistryError(what, url, 200, "the answer has another form than documented");
    return found;
  };
  return {
    accessKeyId: tag("AccessKeyId"),
    secretAccessKey: tag("SecretAccessKey"),
    sessionToken: tag("SessionToken"),
  };
}
