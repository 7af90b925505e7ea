import { createHash } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { forwardRequest } from "../network/forward-request.ts";
import { isDigest, type RegistryCall } from "./registry-call.ts";

const INDEX = "application/vnd.oci.image.index.v1+json";

interface PushedManifest {
  mediaType?: string;
  artifactType?: string;
  annotations?: object;
  config?: { mediaType: string };
  subject?: { digest: string };
}

interface ForwardOptions {
  path?: string;
  answerHeaders?: (headers: IncomingMessage["headers"]) => IncomingMessage["headers"];
}

/** The real registry behind that of a cloud, which lists referrers as those of clouds do. Who may do what is the business of the cloud. */
export class StoreBehind {
  readonly url: string;
  /** `REPOSITORY@DIGEST` of a subject → manifests that refer to it. */
  readonly #referrers = new Map<string, { digest: string }[]>();

  /** @param url - URL of the registry */
  constructor(url: string) {
    this.url = url;
  }

  /**
   * Passes a request on, without its credentials.
   *
   * @param options.path - path and query. @default - those of the request
   * @param options.answerHeaders - returns the headers of the answer. @default - those of the registry
   */
  async forward(
    request: IncomingMessage,
    response: ServerResponse,
    { path = request.url ?? "", answerHeaders }: ForwardOptions = {},
  ): Promise<void> {
    const { authorization: _, host: __, ...headers } = request.headers;
    await forwardRequest(request, response, `${this.url}${path}`, {
      headers,
      ...(answerHeaders === undefined ? {} : { answerHeaders }),
    });
  }

  sendReferrers({ repository, reference }: RegistryCall, response: ServerResponse): void {
    const manifests = this.#referrers.get(`${repository}@${reference}`) ?? [];
    response
      .writeHead(200, { "content-type": INDEX })
      .end(JSON.stringify({ schemaVersion: 2, mediaType: INDEX, manifests }));
  }

  /** Returns the digest of a manifest; undefined if it is not there. */
  async digestOf(repository: string, reference: string): Promise<string | undefined> {
    const answer = await fetch(this.#manifest(repository, reference), {
      method: "HEAD",
      headers: { accept: MANIFESTS.join(", ") },
    });
    return answer.ok ? (answer.headers.get("docker-content-digest") ?? undefined) : undefined;
  }

  /**
   * Stores the manifest of a request.
   *
   * @param options.mayMove - whether a tag that leads to another manifest may move
   * @param options.refuse - answers a request that would move a tag that may not
   */
  async putManifest(
    request: IncomingMessage,
    response: ServerResponse,
    call: RegistryCall,
    { mayMove, refuse }: { mayMove: boolean; refuse: () => void },
  ): Promise<void> {
    const { repository, reference } = call;
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const bytes = Buffer.concat(chunks);
    const digest = `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
    if (!isDigest(reference) && !mayMove) {
      const present = await this.digestOf(repository, reference);
      if (present !== undefined && present !== digest) return refuse();
    }
    const put = await fetch(this.#manifest(repository, reference), {
      method: "PUT",
      headers: { "content-type": request.headers["content-type"] ?? "" },
      body: bytes,
    });
    const subject = put.ok ? this.#recordReferrer(repository, digest, bytes) : undefined;
    if (subject !== undefined) response.setHeader("oci-subject", subject);
    response
      .writeHead(put.status, { "docker-content-digest": digest, "content-type": "application/json" })
      .end(await put.text());
  }

  /** Returns the digest of the subject, if the manifest has one. */
  #recordReferrer(repository: string, digest: string, bytes: Buffer): string | undefined {
    const manifest = JSON.parse(bytes.toString("utf8")) as PushedManifest;
    const { mediaType, annotations, subject } = manifest;
    if (subject === undefined) return undefined;
    const key = `${repository}@${subject.digest}`;
    const artifactType = manifest.artifactType ?? manifest.config?.mediaType;
    const others = (this.#referrers.get(key) ?? []).filter((each) => each.digest !== digest);
    const referrer = { mediaType, digest, size: bytes.length, artifactType, annotations };
    this.#referrers.set(key, [...others, referrer]);
    return subject.digest;
  }

  #manifest(repository: string, reference: string): string {
    return `${this.url}/v2/${repository}/manifests/${reference}`;
  }
}

const MANIFESTS = [
  INDEX,
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
];
