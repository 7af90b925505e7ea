import { RegistryError } from "../registry-error.ts";
import type { AwsKeys } from "./sigv4.ts";
import { form, projectedToken, requestText } from "./token-request.ts";

export interface RoleOptions {
  region: string;
  /** `amazonaws.com`, or `amazonaws.com.cn`. */
  domain: string;
  roleArn: string;
  tokenFile: string;
}

/**
 * Returns the keys of a role, which last an hour, in exchange for the service account's token. Throws a RegistryError if AWS gives none.
 *
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html
 */
export async function assumeRole(options: RoleOptions, fetchImpl: typeof fetch): Promise<AwsKeys> {
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
