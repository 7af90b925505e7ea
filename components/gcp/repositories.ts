/** A repository of Artifact Registry. */
export interface RepositoryPlan {
  id: string;
  /** Whether a tag stays where it is: not where models are, whose aliases move. */
  immutableTags: boolean;
  /** Whether images lie in it, which nodes pull. */
  images: boolean;
  /** Packages whose versions are of no use after a while: drift reports. */
  passing: string[];
}

/** What the base URL of an Artifact Registry says, such as `https://europe-west4-docker.pkg.dev/acme-ml`. */
export interface RegistryLocation {
  host: string;
  location: string;
  project: string;
  /** Path within the project before every repository; empty where there is none. */
  prefix: string[];
}

/** Reads the base URL of an Artifact Registry. Throws where it is none. */
export function registryLocation(url: string): RegistryLocation {
  const { hostname, pathname } = new URL(url);
  const [, location] = /^([a-z0-9-]+)-docker\.pkg\.dev$/.exec(hostname) ?? [];
  const [project, ...prefix] = pathname.split("/").filter((part) => part !== "");
  if (location === undefined || project === undefined)
    throw new Error(
      `registry: url must be https://LOCATION-docker.pkg.dev/PROJECT, with a path where wanted, got ${url}`,
    );
  return { host: hostname, location, project, prefix };
}

/**
 * The repositories that hold images and artifacts of these paths, by id. Artifact Registry takes the first part of a
 * path for the repository and the rest for the package, so that a prefix in the URL puts all into one.
 */
export function planRepositories(
  prefix: readonly string[],
  images: readonly string[],
  artifacts: readonly string[],
): RepositoryPlan[] {
  const plans = new Map<string, RepositoryPlan>();
  const add = (path: string, isImage: boolean): void => {
    const [id = "", ...rest] = [...prefix, ...path.split("/")];
    const plan = plans.get(id) ?? { id, immutableTags: true, images: false, passing: [] };
    plan.images ||= isImage;
    plan.immutableTags &&= isImage;
    if (path.endsWith("/drift")) plan.passing.push(rest.join("/"));
    plans.set(id, plan);
  };
  for (const path of images) add(path, true);
  for (const path of artifacts) add(path, false);
  return [...plans.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}
