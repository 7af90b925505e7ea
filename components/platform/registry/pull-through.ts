import type { ImageName, ImagesLock, LockedImage } from "./images-lock.ts";
import { parseUpstream, type UpstreamRepository } from "./upstream.ts";

/** Registries that fetch an image from its upstream registry when somebody first asks for it, and keep a copy. */
export const PULL_THROUGH_KINDS = ["ecr", "artifact-registry", "acr"] as const;
export type PullThroughKind = (typeof PULL_THROUGH_KINDS)[number];

/** First part of the repositories that hold copies of upstream images. Nothing is pushed there. */
export const UPSTREAM_PREFIX = "upstream";

/** What a cloud's registry needs to pull from an upstream registry: nothing, or an account of it. */
type Access = "open" | "account";

/**
 * Upstream registries that each cloud's registry can pull from.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache.html
 * @see https://learn.microsoft.com/azure/container-registry/artifact-cache-overview
 * @see https://cloud.google.com/artifact-registry/docs/repositories/remote-repo
 */
const UPSTREAMS: Readonly<Record<PullThroughKind, Readonly<Record<string, Access>>>> = {
  ecr: {
    "docker.io": "account",
    "ghcr.io": "account",
    "public.ecr.aws": "open",
    "quay.io": "open",
    "registry.k8s.io": "open",
  },
  "artifact-registry": {
    "docker.io": "open",
    "ghcr.io": "open",
    "nvcr.io": "open",
    "public.ecr.aws": "open",
    "quay.io": "open",
    "registry.k8s.io": "open",
  },
  acr: {
    // Azure pulls the official images of Docker Hub only with an account.
    "docker.io": "account",
    "ghcr.io": "open",
    "mcr.microsoft.com": "open",
    "nvcr.io": "open",
    "public.ecr.aws": "open",
    "quay.io": "open",
    "registry.k8s.io": "open",
  },
};

/** Upstream registries from which ECR pulls with an account. */
export const ECR_ACCOUNT_HOSTS = ["docker.io", "ghcr.io"] as const;

/** Tells whether a registry is one of a cloud that can pull through. */
export function isPullThroughKind(kind: string): kind is PullThroughKind {
  return (PULL_THROUGH_KINDS as readonly string[]).includes(kind);
}

/**
 * Returns the repository in a cloud's registry that holds the copies of an upstream repository: `upstream/quay.io/prometheus/prometheus`.
 * Artifact Registry allows no dots and no slashes in the name of a repository: `upstream-quay-io/prometheus/prometheus`.
 */
export function pullThroughRepository(
  kind: PullThroughKind,
  { host, repository }: Pick<UpstreamRepository, "host" | "repository">,
): string {
  return kind === "artifact-registry"
    ? `${UPSTREAM_PREFIX}-${host.replaceAll(".", "-")}/${repository}`
    : `${UPSTREAM_PREFIX}/${host}/${repository}`;
}

/** Returns why a cloud's registry cannot pull through an upstream registry; undefined where it can. */
export function pullThroughObstacle(
  kind: PullThroughKind,
  host: string,
  accounts: readonly string[] = [],
): string | undefined {
  const access = UPSTREAMS[kind][host];
  if (access === undefined) return `${CLOUD_NAMES[kind]} cannot pull from ${host}`;
  if (access === "account" && !accounts.includes(host))
    return `${CLOUD_NAMES[kind]} pulls from ${host} only with an account of it`;
  return undefined;
}

const CLOUD_NAMES: Readonly<Record<PullThroughKind, string>> = {
  ecr: "Amazon ECR",
  "artifact-registry": "Artifact Registry",
  acr: "Azure Container Registry",
};

/** The images of a lock, by the way in which they reach a cloud's registry. */
export interface ImageSupply {
  /** The lock for this registry: images that it pulls through have their repository with the copies. */
  lock: ImagesLock;
  /** Images that the registry pulls through. */
  pulled: PulledImage[];
  /** Images that have to be copied or built, with the reason. */
  copied: { name: ImageName; reason: string }[];
}

export interface PulledImage extends UpstreamRepository {
  name: ImageName;
  /** Repository in the cloud's registry. */
  target: string;
  digest: string;
}

/**
 * Decides how each image of a lock reaches the registry of a cloud.
 *
 * @param accounts - hosts of upstream registries for which the cloud's registry has credentials
 */
export function planImageSupply(
  kind: PullThroughKind,
  lock: ImagesLock,
  accounts: readonly string[] = [],
): ImageSupply {
  const supply: ImageSupply = { lock: { ...lock, images: { ...lock.images } }, pulled: [], copied: [] };
  for (const [name, image] of Object.entries(lock.images) as [ImageName, LockedImage][]) {
    const upstream = image.upstream === undefined ? undefined : parseUpstream(image.upstream);
    const reason =
      upstream === undefined
        ? "no public registry has it"
        : pullThroughObstacle(kind, upstream.host, accounts);
    if (upstream === undefined || reason !== undefined) {
      supply.copied.push({ name, reason: reason ?? "" });
      continue;
    }
    const target = pullThroughRepository(kind, upstream);
    supply.pulled.push({ name, ...upstream, target, digest: image.digest });
    supply.lock.images[name] = { ...image, repository: target };
  }
  return supply;
}

/** Returns the images of a registry's own lock, as `planImageSupply` returns it, that the registry pulls through. */
export function pulledImages(kind: PullThroughKind, { images }: ImagesLock): PulledImage[] {
  return (Object.entries(images) as [ImageName, LockedImage][]).flatMap(([name, image]) => {
    if (image.upstream === undefined) return [];
    const upstream = parseUpstream(image.upstream);
    const target = pullThroughRepository(kind, upstream);
    return image.repository === target ? [{ name, ...upstream, target, digest: image.digest }] : [];
  });
}
