import { z } from "zod";
import { textOf, type Account } from "../account/account.ts";
import type { TokenCheck } from "../identity/service-account-tokens.ts";
import { bodyOf, sendJson, type Site } from "../network/front.ts";
import type { GcpIam } from "./gcp-iam.ts";
import { PROJECT, REGION } from "./gcp-place.ts";
import { TOKEN_SECONDS, type GoogleTokens } from "./google-tokens.ts";

/** Pool of the identities of the cluster's service accounts, which is also the audience of their tokens. */
export const WORKLOAD_POOL = `${PROJECT}.svc.id.goog`;

const exchangeSchema = z.object({
  grant_type: z.literal("urn:ietf:params:oauth:grant-type:token-exchange"),
  subject_token_type: z.literal("urn:ietf:params:oauth:token-type:jwt"),
  audience: z.string(),
  subject_token: z.string(),
});

/** Returns the IAM member of a service account of the cluster. */
export function workloadOf(namespace: string, serviceAccount: string): string {
  return `serviceAccount:${WORKLOAD_POOL}[${namespace}/${serviceAccount}]`;
}

/** APIs of Google that the operator of secrets calls: tokens for the cluster's service accounts, and values of secrets. */
export class GoogleApis {
  readonly refused: string[] = [];
  /** Id of a secret → its value. Nobody has filled the others. */
  readonly secretValues = new Map<string, string>();
  readonly #account: Account;
  readonly #iam: GcpIam;
  readonly #tokens: GoogleTokens;
  readonly #check: TokenCheck;

  constructor(options: { account: Account; iam: GcpIam; tokens: GoogleTokens; check: TokenCheck }) {
    this.#account = options.account;
    this.#iam = options.iam;
    this.#tokens = options.tokens;
    this.#check = options.check;
  }

  /** Returns a token of a service account for a member that may act as it; otherwise undefined, and remembers it. */
  actAs(member: string, email: string): string | undefined {
    const exists = this.#account
      .ofType("gcp:serviceaccount/account:Account")
      .some(({ outputs }) => outputs["email"] === email);
    if (!exists || !this.#iam.mayActAs(member, email) || !this.#iam.isEnabled("iamcredentials")) {
      this.refused.push(`${member}: may not act as ${email}`);
      return undefined;
    }
    return this.#tokens.issue(`serviceAccount:${email}`);
  }

  /** Exchanges a token of a service account of the cluster for one of Google. */
  readonly secureToken: Site = async (request, response) => {
    const body = exchangeSchema.parse(JSON.parse(await bodyOf(request)));
    const cluster = this.#account.ofType("gcp:container/cluster:Cluster")[0];
    const provider = `https://container.googleapis.com/v1/projects/${PROJECT}/locations/${REGION}/clusters/${textOf(cluster?.outputs ?? {}, "name")}`;
    const claims = await this.#check(body.subject_token);
    const [, namespace = "", account = ""] =
      /^system:serviceaccount:([^:]+):([^:]+)$/.exec(claims?.sub ?? "") ?? [];
    if (
      account === "" ||
      claims?.aud.includes(WORKLOAD_POOL) !== true ||
      body.audience !== `identitynamespace:${WORKLOAD_POOL}:${provider}`
    ) {
      this.refused.push(`${claims?.sub ?? "nobody"}: no token for ${body.audience}`);
      return sendJson(response, 400, { error: "invalid_grant" });
    }
    sendJson(response, 200, {
      access_token: this.#tokens.issue(workloadOf(namespace, account)),
      token_type: "Bearer",
      expires_in: TOKEN_SECONDS,
    });
  };

  readonly iamCredentials: Site = async (request, response) => {
    await bodyOf(request);
    const [, email = ""] =
      /^\/v1\/projects\/-\/serviceAccounts\/([^/:]+):generateAccessToken$/.exec(request.url ?? "") ?? [];
    const accessToken = this.actAs(this.#tokens.callerOf(request) ?? "nobody", email);
    if (accessToken === undefined)
      return sendJson(response, 403, { error: { code: 403, status: "PERMISSION_DENIED" } });
    const expireTime = new Date(Date.now() + TOKEN_SECONDS * 1000).toISOString();
    sendJson(response, 200, { accessToken, expireTime });
  };

  readonly secretManager: Site = async (request, response) => {
    const [, project = "", id = ""] =
      /^\/v1\/projects\/([^/]+)\/secrets\/([^/]+)\/versions\/latest:access$/.exec(request.url ?? "") ?? [];
    const member = this.#tokens.callerOf(request) ?? "nobody";
    const exists = this.#account
      .ofType("gcp:secretmanager/secret:Secret")
      .some(({ inputs }) => inputs["project"] === project && inputs["secretId"] === id);
    if (!exists || !this.#iam.mayReadSecret(member, id) || !this.#iam.isEnabled("secretmanager")) {
      this.refused.push(`${member}: secretmanager.versions.access on ${id}`);
      return sendJson(response, 403, {
        error: { code: 403, message: `Permission denied on ${id}`, status: "PERMISSION_DENIED" },
      });
    }
    const value = this.secretValues.get(id);
    if (value === undefined)
      return sendJson(response, 404, {
        error: {
          code: 404,
          message: `Secret [projects/${project}/secrets/${id}] not found or has no versions.`,
          status: "NOT_FOUND",
        },
      });
    sendJson(response, 200, { payload: { data: Buffer.from(value).toString("base64") } });
  };
}
