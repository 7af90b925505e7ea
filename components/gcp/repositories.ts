import type { PulledImage } from "../platform/registry/pull-through.ts";

/** A repository of Artifact Registry. */
export interface RepositoryPlan {
  id: string;
  /** Whether tags are immutable: false for repositories of models, whose aliases move. */
  immutableTags: boolean;
  /** Whether it holds images, which nodes pull. */
  images: boolean;
  /** Packages whose versions are deleted after some time: drift reports. */
  temporaryPackages: string[];
  /** URL of the upstream registry whose images it copies when they are first pulled. @default - none: images are pushed */
  upstream?: string;
}

/** The parts of the base URL of an Artifact Registry, such as `https://europe-west4-docker.pkg.dev/acme-ml`. */
export interface RegistryLocation {
  host: string;
  location: string;
  project: string;
  /** Path within the project before every repository; empty if the URL has none. */
  prefix: string[];
}

/** Reads the base URL of an Artifact Registry. Throws for any other URL. */
export function registryLocation(url: string): RegistryLocation {
  const { hostname, pathname } = new URL(url);
  const [, location] = /^([a-z0-9-]+)-docker\.pkg\.dev$/.exec(hostname) ?? [];
  const [project, ...prefix] = pathname.split("/").filter((part) => part !== "");
  if (location === undefined || project === undefined)
    throw new Error(
      `registry: url must be https://LOCATION-docker.pkg.dev/PROJECT, with an optional path, got ${url}`,
    );
  return { host: hostname, location, project, prefix };
}

/**
 * Returns the repositories for images and artifacts with these paths, sorted by id. Artifact Registry uses the first part of
 * a path as the repository and the rest as the package, so with a prefix in the URL everything is in one repository.
 */
export function planRepositories(
  prefix: readonly string[],
  images: readonly string[],
  artifacts: readonly string[],
): RepositoryPlan[] {
  const plans = new Map<string, RepositoryPlan>();
  const add = (path: string, isImage: boolean): void => {
    const [id = "", ...rest] = [...prefix, ...path.split("/")];
    const plan = plans.get(id) ?? { id, immutableTags: true, images: false, temporaryPackages: [] };
    plan.images ||= isImage;
    plan.immutableTags &&= isImage;
    if (path.endsWith("/drift")) plan.temporaryPackages.push(rest.join("/"));
    plans.set(id, plan);
  };
  for (const path of images) add(path, true);
  for (const path of artifacts) add(path, false);
  return [...plans.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** Returns one remote repository for each upstream registry, sorted by id. */
export function planRemoteRepositories(images: readonly PulledImage[]): RepositoryPlan[] {
  const upstreams = new Map(images.map(({ target, host }) => [target.split("/")[0] ?? "", host]));
  return [...upstreams]
    .map(([id, host]) => ({
      id,
      immutableTags: true,
      images: true,
      temporaryPackages: [],
      upstream: `https://${host === "docker.io" ? "registry-1.docker.io" : host}`,
    }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}
