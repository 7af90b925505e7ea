import { RuntimeFault } from "../errors.ts";

/** A registry refused a request or did not answer. The message has the action, the URL, the status and a fix, but no credential. */
export class RegistryError extends RuntimeFault {
  /** HTTP status of the registry; undefined if it did not answer. */
  readonly registryStatus: number | undefined;

  constructor(
    what: string,
    url: string,
    registryStatus: number | undefined,
    detail: string,
    cause?: unknown,
  ) {
    const answer = registryStatus === undefined ? "no answer" : `status ${registryStatus}`;
    super(
      registryStatus === 404 ? "not-found" : "registry",
      registryStatus === 404 ? 404 : 502,
      `registry: ${what}: ${answer} from ${withoutSecrets(url)}${detail === "" ? "" : ` (${detail})`}; ${fix(registryStatus)}`,
      cause === undefined ? undefined : { cause },
    );
    this.name = "RegistryError";
    this.registryStatus = registryStatus;
  }
}

function fix(status: number | undefined): string {
  if (status === undefined) return "check that the registry runs and that SLIPWAY_REGISTRY is its address";
  if (status === 401 || status === 403)
    return "check the registry's entry in the config.json of DOCKER_CONFIG and its rights on this repository";
  if (status === 404) return "check the reference, and that it was pushed to this registry";
  if (status === 429) return "the registry limits requests: try again later";
  if (status >= 500) return "the registry failed: read its log";
  return "the registry refused the request";
}

/** Returns the URL without its query, which may hold upload state or signatures. */
function withoutSecrets(url: string): string {
  if (!URL.canParse(url)) return "an invalid address";
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname}`;
}
