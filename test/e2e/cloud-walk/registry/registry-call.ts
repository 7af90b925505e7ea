/** A request to a registry, by its path. */
export interface RegistryCall {
  repository: string;
  kind: "manifests" | "blobs" | "uploads" | "tags" | "referrers";
  reference: string;
}

/** Returns what a path of the registry API asks for; undefined if it is none of its paths. */
export function registryCall(url: string): RegistryCall | undefined {
  const { pathname } = new URL(url, "http://registry");
  const [, repository = "", kind = "", reference = ""] =
    /^\/v2\/(.+?)\/(manifests|blobs\/uploads|blobs|tags|referrers)\/(.*)$/.exec(pathname) ?? [];
  if (repository === "") return undefined;
  return {
    repository,
    kind: kind === "blobs/uploads" ? "uploads" : (kind as RegistryCall["kind"]),
    reference,
  };
}

/** Whether a reference is a digest, and not a tag. */
export function isDigest(reference: string): boolean {
  return reference.startsWith("sha256:");
}
