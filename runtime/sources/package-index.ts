import { z } from "zod";
import { BadInput } from "../errors.ts";
import { openUrl, type UrlRequest } from "./open-url.ts";
import { publicUrl } from "./send-request.ts";

/** A file of a package, as the index lists it. */
export interface PackageFile {
  name: string;
  url: string;
  /** Hex digits. @default - the index does not say it */
  sha256?: string;
  /** In bytes. @default - the index does not say it */
  size?: number;
}

/** Largest page of a package: the largest on the public index have some 20 MB. */
const MAX_PAGE_BYTES = 64 * 1024 ** 2;
const JSON_TYPE = "application/vnd.pypi.simple.v1+json";

const pageSchema = z.object({
  files: z.array(
    z.object({
      filename: z.string(),
      url: z.string(),
      hashes: z.record(z.string(), z.string()).default({}),
      size: z.number().optional(),
    }),
  ),
});

/**
 * Returns the files of a package from an index, in the order of its page. Understands the JSON form and the older HTML form, which many
 * mirrors have alone.
 *
 * @see https://packaging.python.org/en/latest/specifications/simple-repository-api/
 */
export async function readPackageFiles(
  index: string,
  packageName: string,
  request: UrlRequest,
): Promise<PackageFile[]> {
  const page = `${index.replace(/\/+$/, "")}/${normalName(packageName)}/`;
  const opened = await openUrl(page, request, {
    headers: { accept: `${JSON_TYPE}, text/html;q=0.5` },
    maxBytes: MAX_PAGE_BYTES,
  });
  const chunks: Uint8Array[] = [];
  for await (const chunk of opened.body) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString("utf8");
  const isJson = opened.mediaType.includes("json");
  const files = isJson ? fromJson(text) : fromHtml(text);
  if (files === undefined)
    throw new BadInput(
      `${request.what}: ${publicUrl(page)} must be a page of a Python package index, got other JSON; correct slipway:sources.packageIndex`,
    );
  return files.flatMap(({ name, href, sha256, size }): PackageFile[] => {
    const url = URL.canParse(href, opened.url) ? new URL(href, opened.url) : undefined;
    if (url === undefined || !/^https?:$/.test(url.protocol)) return [];
    url.hash = "";
    return [
      {
        name,
        url: url.href,
        ...(sha256 === undefined ? {} : { sha256 }),
        ...(size === undefined ? {} : { size }),
      },
    ];
  });
}

/** Returns a name as indexes write it. @see https://packaging.python.org/en/latest/specifications/name-normalization/ */
export function normalName(name: string): string {
  return name.replace(/[-_.]+/g, "-").toLowerCase();
}

interface Listed {
  name: string;
  href: string;
  sha256: string | undefined;
  size?: number | undefined;
}

function fromJson(text: string): Listed[] | undefined {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return undefined;
  }
  return pageSchema.safeParse(json).data?.files.map(({ filename, url, hashes, size }) => ({
    name: filename,
    href: url,
    sha256: hashes["sha256"],
    size,
  }));
}

/** Reads the links: `<a href="…/NAME#sha256=HEX">`. */
function fromHtml(text: string): Listed[] {
  return [...text.matchAll(/<a\s[^>]*?href\s*=\s*(?:"([^"]*)"|'([^']*)')/gi)].map(([, double, single]) => {
    const href = (double ?? single ?? "").replaceAll("&amp;", "&");
    const [path = "", fragment = ""] = href.split("#", 2);
    const last = path.split("?", 1)[0]?.split("/").at(-1) ?? "";
    return {
      name: decoded(last),
      href,
      sha256: /^sha256=([0-9a-f]{64})$/i.exec(fragment)?.[1]?.toLowerCase(),
    };
  });
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
