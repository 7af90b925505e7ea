/** An image in a public registry, by its tag. */
export interface UpstreamRepository {
  /** Host as people write it: `docker.io`, `quay.io`. */
  host: string;
  /** Repository in it; official images of Docker Hub begin with `library/`. */
  repository: string;
  tag: string;
}

/** `HOST/REPOSITORY:TAG`. */
export const UPSTREAM_PATTERN =
  /^((?:[a-z0-9-]+\.)+[a-z]+)\/([a-z0-9]+(?:[._/-]+[a-z0-9]+)*):(\w[\w.-]{0,127})$/;

/** Parses `HOST/REPOSITORY:TAG` of a public registry. Throws an error that names the rule. */
export function parseUpstream(text: string): UpstreamRepository {
  const [, host = "", path = "", tag = ""] = UPSTREAM_PATTERN.exec(text) ?? [];
  if (host === "")
    throw new Error(
      `upstream image: must be HOST/REPOSITORY:TAG, such as quay.io/prometheus/prometheus:v3.5.0, got ${text}`,
    );
  return { host, repository: host === "docker.io" && !path.includes("/") ? `library/${path}` : path, tag };
}
