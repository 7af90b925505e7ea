import { z } from "zod";
import type { Credentials } from "../credentials.ts";
import type { Expiring } from "../renewing-credentials.ts";
import { assumeRole, type RoleOptions } from "./assume-role.ts";
import { signedHeaders } from "./sigv4.ts";
import { requestJson } from "./token-request.ts";

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
  options: RoleOptions,
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
