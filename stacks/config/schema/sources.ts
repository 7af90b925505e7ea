import { z } from "zod";

/** An address that a stack's file can have in plain text. */
const plainUrl = z
  .url({ protocol: /^https?$/, error: "must be a URL that starts with https:// or http://" })
  .refine((url) => !URL.canParse(url) || new URL(url).username === "", "must have no user and no password")
  .refine((url) => !/[?#]/.test(url), "must end with its path, without ? and #");

/** Such as `postgresql://db.example.com:5432`. */
const endpointUrl = z
  .url({
    protocol: /^[a-z][a-z0-9+.-]*$/,
    error: "must be a URL with a host, such as postgresql://db.example.com:5432",
  })
  .refine((url) => !URL.canParse(url) || new URL(url).username === "", "must have no user and no password")
  .refine(
    (url) => !URL.canParse(url) || new URL(url).port !== "" || /^https?:/.test(url),
    "must have a port, such as postgresql://db.example.com:5432",
  );

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
  /** Servers of sources on other ports than that of the index: the scheme does not count. */
  endpoints: z.array(endpointUrl).optional(),
  /** Secrets of the namespace platform that sources may name as their credentials. */
  secrets: z
    .array(
      z
        .string()
        .regex(
          /^[a-z0-9]([a-z0-9-]{0,48}[a-z0-9])?$/,
          "must be the name of a Secret of at most 50 letters, digits and hyphens",
        ),
    )
    .optional(),
});
