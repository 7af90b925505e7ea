import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Account, CloudResource } from "../account/account.ts";
import { sendJson, type Site } from "../network/front.ts";
import type { PublicRegistries } from "../network/public-registries.ts";
import { registryCall, type RegistryCall } from "../registry/registry-call.ts";
import type { StoreBehind } from "../registry/store-behind.ts";
import type { GcpIam, RepositoryPermission } from "./gcp-iam.ts";
import { PROJECT, REGION } from "./gcp-place.ts";
import { TOKEN_SECONDS, type GoogleTokens } from "./google-tokens.ts";

export const REGISTRY_HOST = `${REGION}-docker.pkg.dev`;

type Refuse = (status: number, code: string, message: string) => void;

export interface ArtifactRegistryOptions {
  account: Account;
  iam: GcpIam;
  tokens: GoogleTokens;
  store: StoreBehind;
  upstream: PublicRegistries;
}

/**
 * The registry of the project: a real one behind TLS, with the rules of Artifact Registry. Callers exchange an access token at `/v2/token`
 * and nobody is anonymous; a path begins with the project and a repository that a stack has made; each request needs a grant on the
 * repository; a tag of an immutable repository stays; remote repositories fetch what is asked for by tag or digest, and take no pushes;
 * blobs are sent and fetched at other paths.
 *
 * @see https://cloud.google.com/artifact-registry/docs/docker/authentication
 */
export class ArtifactRegistryStandIn {
  /** Requests that were refused, with the reason. */
  readonly refused: string[] = [];
  readonly #options: ArtifactRegistryOptions;
  /** Random part of a path → path at the registry behind. */
  readonly #uploads = new Map<string, string>();
  readonly #downloads = new Map<string, string>();
  /** Images on their way from their upstream registry. */
  readonly #copies = new Map<string, Promise<void>>();

  constructor(options: ArtifactRegistryOptions) {
    this.#options = options;
  }

  readonly site: Site = async (request, response) => {
    const { method = "GET", url = "" } = request;
    const { tokens, iam, store } = this.#options;
    const { pathname, searchParams } = new URL(url, "http://registry");
    if (pathname === "/v2/token") return this.#sendToken(request, response);
    const download = this.#downloads.get(lastPart(pathname, "/artifacts-downloads/"));
    if (download !== undefined) return store.forward(request, response, { path: download });
    const upload = this.#uploads.get(lastPart(pathname, "/artifacts-uploads/"));
    const call = registryCall(upload ?? url);
    const member = tokens.callerOf(request);
    if (member === undefined) return challenge(response, method, call);
    if (/^\/v2\/?$/.test(pathname)) return void response.writeHead(200).end("{}");
    const refuse: Refuse = (status, code, message) => {
      this.refused.push(`${member}: ${method} ${url}: ${code}: ${message}`);
      sendJson(response, status, { errors: [{ code, message }] });
    };
    if (call === undefined) return refuse(404, "NAME_INVALID", "no such path");
    const { kind, reference } = call;
    const [project, repositoryId = "", ...name] = call.repository.split("/");
    if (project !== PROJECT || name.length === 0)
      return refuse(400, "NAME_INVALID", "must be PROJECT/REPOSITORY/IMAGE");
    const repository = this.#repository(repositoryId);
    if (repository === undefined)
      return refuse(404, "NAME_UNKNOWN", `Repository "${repositoryId}" not found`);
    const permission = permissionOf(method);
    if (!iam.mayUseRepository(member, permission, repositoryId) || !iam.isEnabled("artifactregistry"))
      return refuse(403, "DENIED", `Permission "artifactregistry.repositories.${permission}" denied`);
    const remote = upstreamOf(repository);
    if (remote !== undefined && permission !== "downloadArtifacts")
      return refuse(400, "DENIED", "A remote repository takes no pushes");

    if (kind === "referrers") return store.sendReferrers(call, response);
    if (kind === "manifests" && method === "PUT")
      return store.putManifest(request, response, call, {
        mayMove: !hasImmutableTags(repository),
        refuse: () =>
          refuse(
            400,
            "MANIFEST_INVALID",
            `cannot update tag ${reference}. The repository has enabled tag immutability`,
          ),
      });
    if (kind === "manifests" && remote !== undefined)
      await this.#pullThrough(call, `${remote}/${name.join("/")}`);
    if (kind === "uploads") return this.#forwardUpload(request, response, upload);
    if (kind === "blobs" && method === "GET") {
      const part = `${repositoryPath(repositoryId)}/downloads/${remember(this.#downloads, pathname)}`;
      const host = searchParams.get("ns"); // the container runtime names the host so
      const query = host === null ? "" : `?ns=${host}`;
      return void response.writeHead(302, { location: `/artifacts-downloads/${part}${query}` }).end();
    }
    await store.forward(request, response);
  };

  /** Exchanges an access token for one of the registry. */
  #sendToken(request: IncomingMessage, response: ServerResponse): void {
    const { tokens } = this.#options;
    const [, basic = ""] = /^Basic (.+)$/.exec(request.headers.authorization ?? "") ?? [];
    const [username, ...password] = Buffer.from(basic, "base64").toString("utf8").split(":");
    const member = username === "oauth2accesstoken" ? tokens.memberOf(password.join(":")) : undefined;
    if (member === undefined) {
      this.refused.push(`nobody: ${request.url}`);
      return sendJson(response, 403, { errors: [{ code: "DENIED", message: "Unauthenticated request" }] });
    }
    sendJson(response, 200, { token: tokens.issue(member), expires_in: TOKEN_SECONDS });
  }

  async #pullThrough({ repository, reference }: RegistryCall, upstream: string): Promise<void> {
    const { store, upstream: registries } = this.#options;
    const image = `${repository}@${reference}`;
    if (!this.#copies.has(image) && (await store.digestOf(repository, reference)) !== undefined) return;
    const copy =
      this.#copies.get(image) ?? registries.copy(upstream, reference, `${store.url}/v2/${repository}`);
    this.#copies.set(image, copy);
    await copy.finally(() => this.#copies.delete(image));
  }

  /** Passes a part of an upload on, and hides where the registry behind wants the next one. */
  async #forwardUpload(
    request: IncomingMessage,
    response: ServerResponse,
    upload: string | undefined,
  ): Promise<void> {
    const { search } = new URL(request.url ?? "/", "http://registry");
    const path = upload === undefined ? request.url : `${upload}&${search.slice(1)}`;
    await this.#options.store.forward(request, response, {
      path: path ?? "",
      answerHeaders: ({ location, ...headers }) =>
        location?.includes("/blobs/uploads/") === true
          ? {
              ...headers,
              location: `/artifacts-uploads/${repositoryPath("any")}/uploads/${remember(this.#uploads, location)}`,
            }
          : { ...headers, ...(location === undefined ? {} : { location }) },
    });
  }

  #repository(id: string): CloudResource | undefined {
    return this.#options.account
      .ofType("gcp:artifactregistry/repository:Repository")
      .find(
        ({ inputs }) =>
          inputs["repositoryId"] === id && inputs["project"] === PROJECT && inputs["location"] === REGION,
      );
  }
}

/** As Artifact Registry does, names the service and the scope only where a repository is asked for. */
function challenge(response: ServerResponse, method: string, call: RegistryCall | undefined): void {
  const actions = permissionOf(method) === "downloadArtifacts" ? "pull" : "push,pull";
  const about =
    call === undefined ? "" : `,service="${REGISTRY_HOST}",scope="repository:${call.repository}:${actions}"`;
  response
    .writeHead(401, { "www-authenticate": `Bearer realm="https://${REGISTRY_HOST}/v2/token"${about}` })
    .end();
}

function permissionOf(method: string): RepositoryPermission {
  if (method === "GET" || method === "HEAD") return "downloadArtifacts";
  return method === "DELETE" ? "deleteArtifacts" : "uploadArtifacts";
}

function hasImmutableTags({ inputs }: CloudResource): boolean {
  return (inputs["dockerConfig"] as { immutableTags?: boolean } | undefined)?.immutableTags === true;
}

/** Returns the host of the registry from which a remote repository pulls. */
function upstreamOf({ inputs }: CloudResource): string | undefined {
  if (inputs["mode"] !== "REMOTE_REPOSITORY") return undefined;
  const { commonRepository } = inputs["remoteRepositoryConfig"] as { commonRepository: { uri: string } };
  return new URL(commonRepository.uri).host;
}

function repositoryPath(id: string): string {
  return `namespaces/${PROJECT}/repositories/${id}`;
}

/** Remembers a path under a random name. Returns the name. */
function remember(paths: Map<string, string>, path: string): string {
  const name = randomBytes(16).toString("hex");
  paths.set(name, path);
  return name;
}

function lastPart(pathname: string, prefix: string): string {
  return pathname.startsWith(prefix) ? pathname.slice(pathname.lastIndexOf("/") + 1) : "";
}
