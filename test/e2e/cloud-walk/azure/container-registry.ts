import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { textOf, type Account } from "../account/account.ts";
import { bodyOf, sendJson, type Site } from "../network/front.ts";
import type { PublicRegistries } from "../network/public-registries.ts";
import { registryCall, type RegistryCall } from "../registry/registry-call.ts";
import type { StoreBehind } from "../registry/store-behind.ts";
import { DATA_HOST, REGISTRY_HOST } from "./azure-place.ts";
import type { Entra } from "./entra.ts";

const EXCHANGE_SCOPE = "https://containerregistry.azure.net/.default";
const TOKEN_USER = "00000000-0000-0000-0000-000000000000";

interface AccessToken {
  principal: () => string;
  /** Such as `repository:slipway/runtime:pull`; undefined for all. */
  scopes: readonly string[] | undefined;
}

export interface ContainerRegistryOptions {
  account: Account;
  entra: Entra;
  store: StoreBehind;
  upstream: PublicRegistries;
}

/**
 * The registry of the subscription: a real one behind TLS, with the rules of Azure Container Registry. Callers exchange a token of Entra for
 * a refresh token, and that for an access token of some repositories; each request needs a role on the registry; cache rules fetch what is
 * asked for; blobs are fetched from another host.
 *
 * @see https://azure.github.io/acr/AAD-OAuth.html
 */
export class ContainerRegistry {
  /** Requests that were refused, with the reason. */
  readonly refused: string[] = [];
  readonly #options: ContainerRegistryOptions;
  readonly #refreshTokens = new Map<string, string>();
  readonly #accessTokens = new Map<string, AccessToken>();
  /** Random part of a path at the data endpoint → path at the registry behind. */
  readonly #downloads = new Map<string, string>();
  readonly #copies = new Map<string, Promise<void>>();

  constructor(options: ContainerRegistryOptions) {
    this.#options = options;
  }

  /** Returns a refresh token, which `az acr login --expose-token` prints. */
  refreshTokenOf(principal: string): string {
    const payload = { exp: Math.floor(Date.now() / 1000) + 3 * 3600, jti: randomBytes(16).toString("hex") };
    const token = `e30.${Buffer.from(JSON.stringify(payload)).toString("base64url")}.signature`;
    this.#refreshTokens.set(token, principal);
    return token;
  }

  /** Returns an access token for all repositories, as the nodes have them. */
  accessTokenOf(principal: () => string): string {
    return this.#issue({ principal, scopes: undefined });
  }

  readonly site: Site = async (request, response) => {
    const { method = "GET", url = "" } = request;
    const { pathname, searchParams } = new URL(url, "http://registry");
    if (pathname === "/oauth2/exchange") return this.#exchange(request, response);
    if (pathname === "/oauth2/token") return this.#sendToken(request, response, searchParams);
    const call = registryCall(url);
    const token = this.#tokenOf(request);
    const action = method === "GET" || method === "HEAD" ? "pull" : "push";
    if (token === undefined || !covers(token, call, action)) return challenge(response, call, action);
    if (call === undefined) return void response.writeHead(200).end("{}");
    const principal = token.principal();
    const { account, entra, store } = this.#options;
    const [registry] = account.ofType("azure-native:containerregistry:Registry");
    const roles = action === "pull" ? (["AcrPull", "AcrPush"] as const) : (["AcrPush"] as const);
    if (registry === undefined || !entra.has(principal, roles, [registry])) {
      this.refused.push(`${principal}: ${method} ${url}`);
      return sendJson(response, 403, { errors: [{ code: "DENIED", message: `no role to ${action}` }] });
    }
    if (call.kind === "referrers") return store.sendReferrers(call, response);
    if (call.kind === "manifests" && method === "PUT")
      return store.putManifest(request, response, call, { mayMove: true, refuse: () => undefined });
    if (call.kind === "manifests") await this.#pullThrough(call);
    if (call.kind !== "blobs" || method !== "GET") return store.forward(request, response);
    const name = randomBytes(16).toString("hex");
    this.#downloads.set(name, pathname);
    // The container runtime knows all hosts by one address, and names them in the query.
    const target = searchParams.has("ns") ? `/${name}?ns=${DATA_HOST}` : `https://${DATA_HOST}/${name}`;
    response.writeHead(307, { location: target }).end();
  };

  /** The data endpoint: whoever has the address of a blob may fetch it. */
  readonly data: Site = async (request, response) => {
    const name = new URL(request.url ?? "/", "http://registry").pathname.slice(1);
    const path = this.#downloads.get(name);
    if (path === undefined) return void response.writeHead(403).end();
    await this.#options.store.forward(request, response, { path });
  };

  async #exchange(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const form = new URLSearchParams(await bodyOf(request));
    const principal = this.#options.entra.principalOf(form.get("access_token") ?? "", EXCHANGE_SCOPE);
    if (principal === undefined || form.get("service") !== REGISTRY_HOST) {
      this.refused.push("exchange: no token of Entra for the registry");
      return sendJson(response, 401, { errors: [{ code: "UNAUTHORIZED" }] });
    }
    sendJson(response, 200, { refresh_token: this.refreshTokenOf(principal) });
  }

  #sendToken(request: IncomingMessage, response: ServerResponse, query: URLSearchParams): void {
    const [, basic = ""] = /^Basic (.+)$/.exec(request.headers.authorization ?? "") ?? [];
    const [username, ...password] = Buffer.from(basic, "base64").toString("utf8").split(":");
    const principal = username === TOKEN_USER ? this.#refreshTokens.get(password.join(":")) : undefined;
    if (principal === undefined) {
      this.refused.push(`nobody: ${request.url}`);
      return sendJson(response, 401, { errors: [{ code: "UNAUTHORIZED" }] });
    }
    const scopes = query.getAll("scope").flatMap((scope) => scope.split(" "));
    sendJson(response, 200, { access_token: this.#issue({ principal: () => principal, scopes }) });
  }

  #issue(token: AccessToken): string {
    const text = randomBytes(24).toString("hex");
    this.#accessTokens.set(text, token);
    return text;
  }

  #tokenOf({ headers }: IncomingMessage): AccessToken | undefined {
    const [, token = ""] = /^Bearer (.+)$/.exec(headers.authorization ?? "") ?? [];
    return this.#accessTokens.get(token);
  }

  async #pullThrough({ repository, reference }: RegistryCall): Promise<void> {
    const { account, store, upstream } = this.#options;
    const rule = account
      .ofType("azure-native:containerregistry:CacheRule")
      .find(({ inputs }) => inputs["targetRepository"] === repository);
    if (rule === undefined) return;
    const image = `${repository}@${reference}`;
    if (!this.#copies.has(image) && (await store.digestOf(repository, reference)) !== undefined) return;
    const source = textOf(rule.inputs, "sourceRepository");
    const copy = this.#copies.get(image) ?? upstream.copy(source, reference, `${store.url}/v2/${repository}`);
    this.#copies.set(image, copy);
    await copy.finally(() => this.#copies.delete(image));
  }
}

/** Whether an access token is for a request. */
function covers({ scopes }: AccessToken, call: RegistryCall | undefined, action: string): boolean {
  if (scopes === undefined || call === undefined) return true;
  const prefix = `repository:${call.repository}:`;
  return scopes.some(
    (scope) => scope.startsWith(prefix) && scope.slice(prefix.length).split(",").includes(action),
  );
}

function challenge(response: ServerResponse, call: RegistryCall | undefined, action: string): void {
  const scope =
    call === undefined
      ? ""
      : `,scope="repository:${call.repository}:${action === "pull" ? "pull" : "pull,push"}"`;
  const realm = `Bearer realm="https://${REGISTRY_HOST}/oauth2/token",service="${REGISTRY_HOST}"${scope}`;
  response.writeHead(401, { "www-authenticate": realm }).end();
}
