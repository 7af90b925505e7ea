import { z } from "zod";

/** An address that a stack's file can have in plain text. */
const plainUrl = z
  .url({ protocol: /^https?$/, error: "must be a URL that starts with https:// or http://" })
  .refine((url) => !URL.canParse(url) || new URL(url).username === "", "must have no user and no password")
  .refine((url) => !/[?#]/.test(url), "must end with its path, without ? and #");

const CERTIFICATE = "-----BEGIN CERTIFICATE-----";

/** How the job that fetches sources reaches them. */
export const sourcesSchema = z.strictObject({
  /** Base URL of the Python package index, such as that of a mirror. */
  packageIndex: plainUrl.optional(),
  /** HTTP proxy of the job. */
  proxy: plainUrl.optional(),
  /** PEM certificates of private authorities, in base64. */
  caBundle: z
    .base64()
    .refine(
      (text) => Buffer.from(text, "base64").toString("utf8").includes(CERTIFICATE),
      "must be a PEM certificate in base64: base64 -w0 FILE.pem",
    )
    .optional(),
});
