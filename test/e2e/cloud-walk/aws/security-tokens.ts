import { randomBytes } from "node:crypto";
import { textOf, type Account, type CloudResource } from "../account/account.ts";
import type { TokenCheck } from "../identity/service-account-tokens.ts";
import { bodyOf, type Site } from "../network/front.ts";
import { allows, parsePolicy, trusts } from "./iam.ts";

/** AWS' Security Token Service: exchanges tokens of service accounts for keys of roles that trust them. */
export class SecurityTokens {
  readonly refused: string[] = [];
  /** Session token → name of the role. */
  readonly #sessions = new Map<string, string>();
  readonly #account: Account;
  readonly #check: TokenCheck;

  constructor(account: Account, check: TokenCheck) {
    this.#account = account;
    this.#check = check;
  }

  readonly site: Site = async (request, response) => {
    const form = new URLSearchParams(await bodyOf(request));
    const roleArn = form.get("RoleArn") ?? "";
    const refuse = (reason: string): void => {
      this.refused.push(`${roleArn}: ${reason}`);
      response
        .writeHead(403, { "content-type": "text/xml" })
        .end(
          `<ErrorResponse><Error><Code>AccessDenied</Code><Message>${reason}</Message></Error></ErrorResponse>`,
        );
    };
    const claims = await this.#check(form.get("WebIdentityToken") ?? "");
    if (claims === undefined) return refuse("the token is not valid");
    const role = this.#account.ofType("aws:iam/role:Role").find(({ outputs }) => outputs["arn"] === roleArn);
    if (role === undefined) return refuse("there is no such role");
    const issuer = claims.iss.replace("https://", "");
    const [issuerResource] = this.#account.ofType("aws:iam/openIdConnectProvider:OpenIdConnectProvider");
    const provider = textOf(issuerResource?.outputs ?? {}, "arn");
    const policy = parsePolicy(role.inputs["assumeRolePolicy"]);
    if (!trusts(policy, { provider, issuer, sub: claims.sub, aud: claims.aud }))
      return refuse(`${claims.sub} is not trusted`);
    const session = randomBytes(24).toString("hex");
    this.#sessions.set(session, nameOf(role));
    response
      .writeHead(200, { "content-type": "text/xml" })
      .end(
        `<AssumeRoleWithWebIdentityResponse><AssumeRoleWithWebIdentityResult><Credentials><AccessKeyId>ASIA${session.slice(0, 16).toUpperCase()}</AccessKeyId><SecretAccessKey>${randomBytes(20).toString("hex")}</SecretAccessKey><SessionToken>${session}</SessionToken></Credentials></AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>`,
      );
  };

  /** Returns the role of a signed request's session; undefined if there is none. */
  roleOf(sessionToken: string | string[] | undefined): string | undefined {
    return typeof sessionToken === "string" ? this.#sessions.get(sessionToken) : undefined;
  }

  /** Whether the policies of a role allow an action on a resource. */
  mayRole(role: string, action: string, resource: string): boolean {
    const policies = this.#account
      .ofType("aws:iam/rolePolicy:RolePolicy")
      .filter(({ inputs }) => inputs["role"] === role)
      .map(({ inputs }) => parsePolicy(inputs["policy"]));
    return allows(policies, action, resource);
  }
}

function nameOf({ outputs }: CloudResource): string {
  return textOf(outputs, "name");
}
