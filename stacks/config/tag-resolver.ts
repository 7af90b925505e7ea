import { registryClient, type RegistryClient } from "../../runtime/artifacts/registry-client.ts";
import { RegistryError } from "../../runtime/artifacts/registry-error.ts";
import type { ModelAlias } from "../../runtime/contract/moving-tags.ts";
import { innermostReason } from "./innermost-reason.ts";
import type { RegistryCredentials } from "./registry-credentials.ts";
import { UserError } from "./user-error.ts";

/** Returns the digest of a tag of a repository; undefined where there is no such tag. */
export type TagResolver = (repository: string, tag: ModelAlias) => Promise<string | undefined>;

export interface TagResolverOptions {
  /** Base URL of the registry, with its prefix. */
  registryUrl: string;
  /** Called once, before the first tag is asked for. @default - no credentials are sent */
  credentials?: () => Promise<RegistryCredentials>;
  /** @default - the global `fetch` */
  fetch?: typeof fetch;
  /** Timeout of each request in milliseconds. @default 5000 */
  timeoutMs?: number;
}

const NO_CREDENTIALS: RegistryCredentials = {
  credentials: undefined,
  source: "slipway:registry.credentialsFile",
};

/**
 * Resolves tags in any registry that a stack may have, registries with tokens and those of clouds included. Throws a UserError
 * where the registry does not answer, or refuses.
 */
export function tagResolver(options: TagResolverOptions): TagResolver {
  const { registryUrl, credentials = () => Promise.resolve(NO_CREDENTIALS), timeoutMs = 5000 } = options;
  const fetchImpl = options.fetch ?? fetch;
  const { host } = new URL(registryUrl);
  let connection: Promise<{ client: RegistryClient; source: string }> | undefined;
  const connect = async (): Promise<{ client: RegistryClient; source: string }> => {
    const { credentials: found, source } = await credentials();
    const client = registryClient({
      url: registryUrl,
      ...(found === undefined ? {} : { credentials: found }),
      fetch: (input, init) => fetchImpl(input, { ...init, signal: AbortSignal.timeout(timeoutMs) }),
      retries: 1,
    });
    return { client, source };
  };
  return async (repository, tag) => {
    const { client, source } = await (connection ??= connect());
    try {
      return await client.resolveTag(repository, tag);
    } catch (error) {
      if (!(error instanceof RegistryError)) throw error;
      const { registryStatus } = error;
      throw new UserError(
        registryStatus === undefined
          ? `registry ${host}: must answer within ${timeoutMs} ms, got ${innermostReason(error)}; start it, or pin the model with digest: "sha256:…"`
          : registryStatus === 401 || registryStatus === 403
            ? `registry ${host}: must allow reading ${repository}:${tag}, got ${registryStatus}; renew the credentials in ${source}`
            : `registry ${host}: must answer a request for ${repository}:${tag} like an OCI registry, got ${registryStatus}; read its log, or pin the model with digest: "sha256:…"`,
        { cause: error },
      );
    }
  };
}
