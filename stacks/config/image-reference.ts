import { digestSchema, repositorySchema } from "../../runtime/contract/artifact-reference.ts";

/** The registry, repository and reference of an upstream image. */
export interface UpstreamImage {
  /** Base URL of its registry. */
  url: string;
  /** Hosts under which a Docker config may keep its credentials. */
  credentialHosts: readonly string[];
  repository: string;
  tag?: string;
  digest?: string;
}

const DOCKER_HUB = { url: "https://registry-1.docker.io", hosts: ["index.docker.io", "docker.io"] };

/**
 * Parses `HOST/REPOSITORY[:TAG][@DIGEST]`. The host is required: the meaning of a bare name depends on the machine. Hosts of the
 * loopback, and references that start with `http://`, are read without TLS. Throws an error that names the rule.
 *
 * @see https://github.com/distribution/reference
 */
export function parseImageReference(text: string): UpstreamImage {
  const plain = text.startsWith("http://");
  const [name = "", digest, ...more] = text.replace(/^https?:\/\//, "").split("@");
  const slash = name.indexOf("/");
  const host = name.slice(0, Math.max(0, slash));
  const [path = "", tag] = name.slice(slash + 1).split(":");
  const valid =
    more.length === 0 &&
    (host.includes(".") || host.includes(":") || host === "localhost") &&
    repositorySchema.safeParse(path).success &&
    (tag === undefined || /^\w[\w.-]{0,127}$/.test(tag)) &&
    (digest === undefined || digestSchema.safeParse(digest).success) &&
    (tag !== undefined || digest !== undefined);
  if (!valid)
    throw new Error(
      `image reference: must be HOST/REPOSITORY:TAG, HOST/REPOSITORY@sha256:… or both, such as docker.io/prom/prometheus:v3.5.0, got ${text}`,
    );
  const hub = host === "docker.io";
  const loopback = /^(localhost|127(\.\d+){3})(:\d+)?$/.test(host);
  return {
    url: hub ? DOCKER_HUB.url : `${plain || loopback ? "http" : "https"}://${host}`,
    credentialHosts: hub ? DOCKER_HUB.hosts : [host],
    repository: hub && !path.includes("/") ? `library/${path}` : path,
    ...(tag === undefined ? {} : { tag }),
    ...(digest === undefined ? {} : { digest }),
  };
}
