import type { ImagesLock } from "../platform/registry/images-lock.ts";
import { pulledImages } from "../platform/registry/pull-through.ts";

/** A repository of Artifact Registry. */
export interface RepositoryPlan {
  id: string;
  /** Packages whose versions are deleted after some time: drift reports. */
  temporaryPackages: string[];
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
 * Returns the repositories for these paths, sorted by id. Artifact Registry uses the first part of a path as the repository and
 * the rest as the package, so with a prefix in the URL everything is in one repository.
 */
export function planRepositories(prefix: readonly string[], paths: readonly string[]): RepositoryPlan[] {
  const plans = new Map<string, RepositoryPlan>();
  for (const path of paths) {
    const [id = "", ...rest] = [...prefix, ...path.split("/")];
    const plan = plans.get(id) ?? { id, temporaryPackages: [] };
    if (path.endsWith("/drift")) plan.temporaryPackages.push(rest.join("/"));
    plans.set(id, plan);
  }
  return [...plans.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** Returns one remote repository for each upstream registry, sorted by id. */
export function planRemoteRepositories(images: ImagesLock): { id: string; upstream: string }[] {
  const upstreams = new Map(
    pulledImages("artifact-registry", images).map(({ target, host }) => [target.split("/")[0] ?? "", host]),
  );
  return [...upstreams]
    .map(([id, host]) => ({
      id,
      upstream: `https://${host === "docker.io" ? "registry-1.docker.io" : host}`,
    }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** Returns the paths of the images of a lock that are pushed, and not pulled through. */
export function pushedPaths(images: ImagesLock): string[] {
  const pulled = new Set<string>(pulledImages("artifact-registry", images).map(({ name }) => name));
  return Object.entries(images.images)
    .filter(([name]) => !pulled.has(name))
    .map(([, { repository }]) => repository);
}
