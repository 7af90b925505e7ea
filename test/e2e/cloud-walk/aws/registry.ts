import { createHash } from "node:crypto";
import { request as httpRequest, type IncomingMessage, type ServerResponse } from "node:http";
import { sendJson, type Site } from "../network/front.ts";
import type { PublicRegistries } from "../network/public-registries.ts";
import { textOf, type Account, type CloudResource } from "./account.ts";

/** Somebody who is logged in: a name for messages, and what it may do. */
export interface Principal {
  name: string;
  may: (action: string, repositoryArn: string) => boolean;
}

interface Call {
  repository: string;
  kind: "manifests" | "blobs" | "uploads" | "tags" | "referrers";
  reference: string;
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
  readonly #store: string;
  readonly #login: (password: string) => Principal | undefined;
  readonly #upstream: PublicRegistries;
  /** `REPOSITORY@DIGEST` of a subject → manifests that refer to it. */
  readonly #referrers = new Map<string, object[]>();

  constructor(options: {
    account: Account;
    /** URL of the registry behind. */
    store: string;
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
    const call = callOf(url);
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
    if (kind === "referrers") {
      const manifests = this.#referrers.get(`${repository}@${reference}`) ?? [];
      response
        .writeHead(200, { "content-type": INDEX })
        .end(JSON.stringify({ schemaVersion: 2, mediaType: INDEX, manifests }));
      return;
    }
    if (kind === "manifests" && method === "PUT")
      return this.#putManifest(request, response, call, resource, refuse);
    if (kind === "manifests") await this.#pullThrough(repository, reference);
    await this.#forward(request, response);
  };

  /** Pushes as an image comes from elsewhere, without rights: for the rules of pulling through. */
  async #pullThrough(repository: string, reference: string): Promise<void> {
    if (reference.startsWith("sha256:")) return; // ECR asks the upstream registry for tags alone
    const rule = this.#account
      .ofType("aws:ecr/pullThroughCacheRule:PullThroughCacheRule")
      .find(({ inputs }) => repository.startsWith(`${textOf(inputs, "ecrRepositoryPrefix")}/`));
    if (rule === undefined) return;
    const path = repository.slice(textOf(rule.inputs, "ecrRepositoryPrefix").length + 1);
    const image = `${textOf(rule.inputs, "upstreamRegistryUrl")}/${path}:${reference}`;
    await this.#upstream.copy(image, `${this.#store}/v2/${repository}`);
  }

  async #putManifest(
    request: IncomingMessage,
    response: ServerResponse,
    { repository, reference }: Call,
    resource: CloudResource,
    refuse: (status: number, code: string, message: string) => void,
  ): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const bytes = Buffer.concat(chunks);
    const digest = `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
    const url = `${this.#store}/v2/${repository}/manifests/${reference}`;
    if (!reference.startsWith("sha256:") && !mayMove(resource, reference)) {
      const present = await fetch(url, {
        method: "HEAD",
        headers: { accept: String(request.headers["content-type"]) },
      });
      const now = present.headers.get("docker-content-digest");
      if (present.ok && now !== digest)
        return refuse(
          400,
          "TAG_INVALID",
          `The image tag '${reference}' already exists in the '${repository}' repository and cannot be overwritten because the tag is immutable.`,
        );
    }
    const put = await fetch(url, {
      method: "PUT",
      headers: { "content-type": request.headers["content-type"] ?? "" },
      body: bytes,
    });
    const manifest = JSON.parse(bytes.toString("utf8")) as {
      mediaType?: string;
      artifactType?: string;
      annotations?: object;
      config?: { mediaType: string };
      subject?: { digest: string };
    };
    if (put.ok && manifest.subject !== undefined) {
      const key = `${repository}@${manifest.subject.digest}`;
      const { mediaType, annotations } = manifest;
      const artifactType = manifest.artifactType ?? manifest.config?.mediaType;
      const others = (this.#referrers.get(key) ?? []).filter(
        (each) => (each as { digest: string }).digest !== digest,
      );
      this.#referrers.set(key, [
        ...others,
        { mediaType, digest, size: bytes.length, artifactType, annotations },
      ]);
      response.setHeader("oci-subject", manifest.subject.digest);
    }
    response
      .writeHead(put.status, { "docker-content-digest": digest, "content-type": "application/json" })
      .end(await put.text());
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

  async #forward(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { headers, method, url = "" } = request;
    const { authorization: _, host: __, ...kept } = headers;
    await new Promise<void>((resolve, reject) => {
      const forwarded = httpRequest(`${this.#store}${url}`, { method, headers: kept }, (answer) => {
        response.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.pipe(response).on("finish", resolve).on("error", reject);
      });
      forwarded.on("error", reject);
      request.pipe(forwarded);
    });
  }
}

const INDEX = "application/vnd.oci.image.index.v1+json";

function callOf(url: string): Call | undefined {
  const { pathname } = new URL(url, "http://registry");
  const [, repository = "", kind = "", reference = ""] =
    /^\/v2\/(.+?)\/(manifests|blobs\/uploads|blobs|tags|referrers)\/(.*)$/.exec(pathname) ?? [];
  if (repository === "") return undefined;
  return { repository, kind: kind === "blobs/uploads" ? "uploads" : (kind as Call["kind"]), reference };
}

/** The right that a request to the registry needs, as the AWS documentation lists them for Docker clients. */
function actionOf(method: string, kind: Call["kind"]): string {
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
