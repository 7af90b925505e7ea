import { Corrupt } from "../errors.ts";

/** Pages of a list, of 100 names or more each. */
const MAX_PAGES = 10_000;

/**
 * Gets the pages of a list of a registry, each by the link in the one before. Throws Corrupt if the links lead in a circle.
 *
 * @param what - the list in words: `tags of team/model`
 * @see https://github.com/opencontainers/distribution-spec/blob/main/spec.md#content-discovery
 */
export async function* registryPages(
  what: string,
  first: string,
  get: (url: string) => Promise<Response>,
): AsyncGenerator<Response> {
  const seen = new Set<string>();
  let url: string | undefined = first;
  while (url !== undefined) {
    if (seen.has(url) || seen.size === MAX_PAGES)
      throw new Corrupt(
        `registry: the list of ${what} must end within ${MAX_PAGES} pages, and its links lead in a circle; report it to the operator of the registry`,
      );
    seen.add(url);
    const response = await get(url);
    yield response;
    const next = /<([^>]+)>\s*;\s*rel="?next"?/.exec(response.headers.get("link") ?? "")?.[1];
    url = next === undefined ? undefined : new URL(next, url).href;
  }
}
