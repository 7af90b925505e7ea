import { z } from "zod";
import { assumeRole } from "../../artifacts/cloud/assume-role.ts";
import type { AwsKeys } from "../../artifacts/cloud/sigv4.ts";
import { projectedToken, requestJson } from "../../artifacts/cloud/token-request.ts";
import { BadInput } from "../../errors.ts";
import { cloudToken } from "../cloud-token.ts";

type Entries = Readonly<Record<string, string | undefined>>;

export interface AwsIdentity {
  /** Owner of the source, for errors. */
  what: string;
  /** Entries of the Secret of the source; none if it names none. */
  credentials: Entries;
  /** Variables of the process. */
  env: Entries;
  region: string;
}

const answerSchema = z.object({ AccessKeyId: z.string(), SecretAccessKey: z.string(), Token: z.string() });
const NAMES = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"] as const;

/**
 * Returns the keys of a source's Secret or, without one, of the process: of its variables, of the role of its service account, or of EKS
 * Pod Identity. Undefined if there are none: a public bucket needs none. Throws BadInput for a Secret without keys.
 */
export async function awsKeys(identity: AwsIdentity): Promise<AwsKeys | undefined> {
  const { what, credentials, env } = identity;
  const given = keysOf(credentials);
  const names = Object.keys(credentials);
  const isStrange = names.some((name) => !NAMES.some((known) => known === name));
  if (names.length > 0 && (given === undefined || isStrange))
    throw new BadInput(
      `${what}: the Secret of source.credentials must have ${NAMES[0]} and ${NAMES[1]}, and may have ${NAMES[2]}, got ${names.join(", ")}`,
    );
  return given ?? keysOf(env) ?? (await roleKeys(identity)) ?? (await podKeys(what, env));
}

function keysOf(entries: Entries): AwsKeys | undefined {
  const [accessKeyId, secretAccessKey, sessionToken] = NAMES.map((name) => entries[name]);
  if (!accessKeyId || !secretAccessKey) return undefined;
  return { accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) };
}

function roleKeys({ what, env, region }: AwsIdentity): Promise<AwsKeys> | undefined {
  const { AWS_ROLE_ARN: roleArn, AWS_WEB_IDENTITY_TOKEN_FILE: tokenFile } = env;
  if (!roleArn || !tokenFile) return undefined;
  return cloudToken(what, () => assumeRole({ region, domain: domainOf(region), roleArn, tokenFile }, fetch));
}

/** @see https://docs.aws.amazon.com/eks/latest/userguide/pod-id-how-it-works.html */
async function podKeys(what: string, env: Entries): Promise<AwsKeys | undefined> {
  const { AWS_CONTAINER_CREDENTIALS_FULL_URI: url, AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: file } = env;
  if (!url || !file) return undefined;
  const authorization = await projectedToken(file, "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE");
  const keys = await cloudToken(what, () =>
    requestJson(fetch, "get the keys of this pod's role", url, { headers: { authorization } }, answerSchema),
  );
  return { accessKeyId: keys.AccessKeyId, secretAccessKey: keys.SecretAccessKey, sessionToken: keys.Token };
}

/** Returns the domain of the services of a region. */
export function domainOf(region: string): string {
  return region.startsWith("cn-") ? "amazonaws.com.cn" : "amazonaws.com";
}
