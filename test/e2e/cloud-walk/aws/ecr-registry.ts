import type { IncomingMessage } from "node:http";
import { textOf, type Account, type CloudResource } from "../account/account.ts";
import { sendJson, type Site } from "../network/front.ts";
import type { PublicRegistries } from "../network/public-registries.ts";
import { isDigest, registryCall, type RegistryCall } from "../registry/registry-call.ts";
import type { StoreBehind } from "../registry/store-behind.ts";

/** Somebody who is logged in: a name for messages, and what it may do. */
export interface Principal {
  name: string;
  may: (action: string, repositoryArn: string) => boolean;
}

const PULL = ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer", "ecr:BatchCheckLayerAvailability"];

/** Principal of the nodes: their role may pull every image. */
export const NODES: Principal = { name: "nodes", may: (action) => PULL.includes(action) };

/**
 * The registry of the account: a real one behind TLS, with the rules of Amazon ECR. Nobody is anonymous; a repository is there only if a
 * stack has made it; each request needs the right of its role; a tag of an immutable repository stays; referrers are listed; images of
 * rules for pulling through are fetched when their tag is first asked for.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-tag-mutability.html
 */
export class EcrRegistry {
  /** Requests that were refused, with the reason. */
  readonly refused: string[] = [];
  readonly #account: Account;
  readonly #store: StoreBehind;
  readonly #login: (password: string) => Principal | undefined;
  readonly #upstream: PublicRegistries;

  constructor(options: {
    account: Account;
    store: StoreBehind;
    login: (password: string) => Principal | undefined;
    upstream: PublicRegistries;
  }) {
    this.#account = options.account;
    this.#store = options.store;
    this.#login = options.login;
    this.#upstream = options.upstream;
  }

  readonly site: Site = async (request, response) => {
    const { method = "GET", url = "" } = request;
    const principal = this.#principal(request);
    if (principal === undefined) {
      response
        .writeHead(401, { "www-authenticate": 'Basic realm="https://ecr",service="ecr.amazonaws.com"' })
        .end();
      return;
    }
    if (/^\/v2\/?$/.test(url)) return void response.writeHead(200).end("{}");
    const call = registryCall(url);
    const refuse = (status: number, code: string, message: string): void => {
      this.refused.push(`${principal.name}: ${method} ${url}: ${code}: ${message}`);
      sendJson(response, status, { errors: [{ code, message }] });
    };
    if (call === undefined) return refuse(404, "UNSUPPORTED", "no such path");
    const { repository, kind, reference } = call;
    const resource = this.#repository(repository);
    if (resource === undefined)
      return refuse(
        404,
        "NAME_UNKNOWN",
        `The repository with name '${repository}' does not exist in the registry`,
      );
    const action = actionOf(method, kind);
    if (!principal.may(action, textOf(resource.outputs, "arn")))
      return refuse(403, "DENIED", `User is not authorized to perform: ${action} on resource: ${repository}`);
    if (kind === "referrers") return this.#store.sendReferrers(call, response);
    if (kind === "manifests" && method === "PUT")
      return this.#store.putManifest(request, response, call, {
        mayMove: mayMove(resource, reference),
        refuse: () =>
          refuse(
            400,
            "TAG_INVALID",
            `The image tag '${reference}' already exists in the '${repository}' repository and cannot be overwritten because the tag is immutable.`,
          ),
      });
    if (kind === "manifests") await this.#pullThrough(repository, reference);
    await this.#store.forward(request, response);
  };

  /** Pushes as an image comes from elsewhere, without rights: for the rules of pulling through. */
  async #pullThrough(repository: string, reference: string): Promise<void> {
    if (isDigest(reference)) return; // ECR asks the upstream registry for tags alone
    const rule = this.#account
      .ofType("aws:ecr/pullThroughCacheRule:PullThroughCacheRule")
      .find(({ inputs }) => repository.startsWith(`${textOf(inputs, "ecrRepositoryPrefix")}/`));
    if (rule === undefined) return;
    const path = repository.slice(textOf(rule.inputs, "ecrRepositoryPrefix").length + 1);
    const upstream = `${textOf(rule.inputs, "upstreamRegistryUrl")}/${path}`;
    await this.#upstream.copy(upstream, reference, `${this.#store.url}/v2/${repository}`);
  }

  #principal(request: IncomingMessage): Principal | undefined {
    const [, basic = ""] = /^Basic (.+)$/.exec(request.headers.authorization ?? "") ?? [];
    const [username, ...password] = Buffer.from(basic, "base64").toString("utf8").split(":");
    return username === "AWS" ? this.#login(password.join(":")) : undefined;
  }

  #repository(name: string): CloudResource | undefined {
    return this.#account
      .ofType("aws:ecr/repository:Repository")
      .find(({ inputs }) => inputs["name"] === name);
  }
}

/** The right that a request to the registry needs, as the AWS documentation lists them for Docker clients. */
function actionOf(method: string, kind: RegistryCall["kind"]): string {
  const reads = method === "GET" || method === "HEAD";
  switch (kind) {
    case "manifests":
      return reads ? "ecr:BatchGetImage" : "ecr:PutImage";
    case "blobs":
      return method === "HEAD" ? "ecr:BatchCheckLayerAvailability" : "ecr:GetDownloadUrlForLayer";
    case "uploads":
      return method === "POST"
        ? "ecr:InitiateLayerUpload"
        : method === "PATCH"
          ? "ecr:UploadLayerPart"
          : "ecr:CompleteLayerUpload";
    case "tags":
      return "ecr:ListImages";
    case "referrers":
      return "ecr:BatchGetImage";
  }
}

function mayMove({ inputs }: CloudResource, tag: string): boolean {
  const mutability = inputs["imageTagMutability"];
  if (mutability !== "IMMUTABLE" && mutability !== "IMMUTABLE_WITH_EXCLUSION") return true;
  const filters = (inputs["imageTagMutabilityExclusionFilters"] ?? []) as { filter: string }[];
  return filters.some(({ filter }) => new RegExp(`^${filter.replaceAll("*", ".*")}$`).test(tag));
}
