import { z } from "zod";
import { relativePathSchema } from "../relative-path.ts";
import { remoteFields } from "./remote-fields.ts";

const urlSchema = z
  .url({ protocol: /^https?$/, error: "must be a URL that starts with https:// or http://" })
  .refine(
    (url) => !URL.canParse(url) || (new URL(url).username === "" && new URL(url).password === ""),
    "must have no user and no password: name a Secret in source.credentials",
  );

/** Files on web servers. They are read again when their ETag, or their time and size, has changed. */
export const httpSchema = z
  .strictObject({
    kind: z.literal("http"),
    /** A URL whose last part is the file's name in the source; or `{ url, name }`. */
    urls: z
      .array(z.union([urlSchema, z.strictObject({ url: urlSchema, name: relativePathSchema })]))
      .min(1)
      .readonly(),
    ...remoteFields,
  })
  .superRefine(({ urls, credentials }, context) => {
    const names = new Set<string>();
    for (const [index, each] of urls.entries()) {
      const refuse = (message: string): void =>
        context.addIssue({ code: "custom", path: ["urls", index], message });
      if (!URL.canParse(typeof each === "string" ? each : each.url)) continue;
      const { url, name } = namedUrl(each);
      if (name === "") refuse(`must have a file name at the end of its path, or be { url, name }`);
      if (names.has(name))
        refuse(`must have another name than an earlier one, got ${name} twice: write { url, name }`);
      if (credentials !== undefined && new URL(url).protocol === "http:")
        refuse("must start with https://, because source.credentials would be readable on the way");
      names.add(name);
    }
  });
export type Http = z.infer<typeof httpSchema>;

/** Returns a URL of the source with the name of its file. The name is empty if the URL has none. */
export function namedUrl(entry: Http["urls"][number]): { url: string; name: string } {
  if (typeof entry !== "string") return entry;
  const last = new URL(entry).pathname.split("/").at(-1) ?? "";
  try {
    return { url: entry, name: decodeURIComponent(last) };
  } catch {
    return { url: entry, name: last };
  }
}
