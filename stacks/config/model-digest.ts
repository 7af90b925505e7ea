import type { ModelAlias } from "../../runtime/contract/moving-tags.ts";
import { digestSchema } from "../../runtime/contract/artifact-reference.ts";
import { basicAuthorization, parseDockerConfig } from "./docker-config.ts";

export interface ModelDigestOptions {
  /** Base URL of the registry, with its prefix. */
  registryUrl: string;
  /** Text of a Docker `config.json`. @default - no credentials */
  dockerConfig?: string;
  /** @default - the global one */
  fetch?: typeof fetch;
  /** @default 5000 */
  timeoutMs?: number;
}

const MANIFEST_TYPES = [
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.oci.image.index.v1+json",
].join(", ");

/**
 * The digest behind a tag of a model repository; undefined if there is no such tag yet. Throws if the registry does not
 * answer, refuses, or says something else.
 *
 * @see https://github.com/opencontainers/distribution-spec/blob/main/spec.md#checking-if-content-exists-in-the-registry
 */
export async function modelDigest(
  repository: string,
  tag: ModelAlias,
  options: ModelDigestOptions,
): Promise<string | undefined> {
  const { registryUrl, dockerConfig, fetch: request = fetch, timeoutMs = 5000 } = options;
  const base = new URL(registryUrl);
  const path = `${base.pathname.replace(/\/$/, "")}/${repository}/manifests/${tag}`;
  const url = `${base.origin}/v2${path}`;
  const authorization =
    dockerConfig === undefined
      ? undefined
      : basicAuthorization(parseDockerConfig(dockerConfig, "slipway:registry.credentialsFile"), base.host);
  let response: Response;
  try {
    response = await request(url, {
      method: "HEAD",
      headers: { accept: MANIFEST_TYPES, ...(authorization === undefined ? {} : { authorization }) },
      signal: AbortSignal.timeout(timeoutMs),
    });
  } catch (error) {
    throw new Error(
      `registry ${base.host}: must answer within ${timeoutMs} ms, got ${reasonOf(error)}; start it, or pin the model with digest: "sha256:…"`,
      { cause: error },
    );
  }
  if (response.status === 404) return undefined;
  if (response.status === 401 || response.status === 403)
    throw new Error(
      `registry ${base.host}: must let HEAD ${repository}:${tag} through, got ${response.status}; renew the credentials in slipway:registry.credentialsFile`,
    );
  const digest = digestSchema.safeParse(response.headers.get("docker-content-digest"));
  if (response.status !== 200 || !digest.success)
    throw new Error(
      `registry ${base.host}: must answer HEAD ${repository}:${tag} with 200 and a Docker-Content-Digest, got ${response.status}; check that it is an OCI registry`,
    );
  return digest.data;
}

function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return cause instanceof Error ? ((cause as NodeJS.ErrnoException).code ?? cause.message) : String(cause);
}
