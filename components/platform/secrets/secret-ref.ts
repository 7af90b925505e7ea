import { z } from "zod";

const key = z.string().min(1).optional();

/**
 * A reference to a secret in a store, never its value. With a `key` it refers to that field of a JSON object, otherwise to the whole
 * secret. With a `version` it always refers to that version, otherwise to the newest.
 */
export const secretRefSchema = z.discriminatedUnion("store", [
  z.strictObject({
    store: z.literal("aws-secrets-manager"),
    /** @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html */
    name: z.string().regex(/^[\w/+=.@-]{1,512}$/, "must be 1 to 512 letters, digits and /_+=.@-"),
    key,
    /** Id of a version, or a staging label such as `AWSPREVIOUS`. */
    version: z.string().min(1).optional(),
  }),
  z.strictObject({
    store: z.literal("gcp-secret-manager"),
    name: z.string().regex(/^[\w-]{1,255}$/, "must be 1 to 255 letters, digits, hyphens and underscores"),
    key,
    version: z
      .string()
      .regex(/^([1-9]\d*|latest)$/, "must be a number, in quotes, or latest")
      .optional(),
  }),
  z.strictObject({
    store: z.literal("azure-key-vault"),
    name: z.string().regex(/^[a-zA-Z0-9-]{1,127}$/, "must be 1 to 127 letters, digits and hyphens"),
    key,
    version: z
      .string()
      .regex(/^[0-9a-f]{32}$/, "must be 32 hex digits")
      .optional(),
  }),
  z.strictObject({
    store: z.literal("vault"),
    /** Path below the mount of the KV engine, version 2. */
    name: z
      .string()
      .regex(/^[\w.-]+(\/[\w.-]+)*$/, "must be a path below the mount, such as slipway/slack, without data/"),
    /** Required, because a secret of Vault is always an object. */
    key: z.string({ error: "must be given: a secret of Vault is an object" }).min(1),
    version: z
      .string()
      .regex(/^[1-9]\d*$/, "must be a number, in quotes")
      .optional(),
  }),
]);
export type SecretRef = z.infer<typeof secretRefSchema>;
export type SecretStoreKind = SecretRef["store"];

/** A reference in the form of External Secrets. */
export interface RemoteRef {
  key: string;
  property?: string;
  version?: string;
}

/**
 * Converts a reference to the form of External Secrets.
 * @see https://external-secrets.io/latest/api/externalsecret/
 */
export function toRemoteRef({ store, name, key, version }: SecretRef): RemoteRef {
  return {
    key: name,
    ...(key === undefined ? {} : { property: key }),
    ...(version === undefined
      ? {}
      : { version: store === "aws-secrets-manager" ? awsVersion(version) : version }),
  };
}

/** Adds `uuid/` to a version id, because External Secrets reads any other text as a staging label. @see https://external-secrets.io/latest/provider/aws-secrets-manager/#secret-versions */
function awsVersion(version: string): string {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(version) ? `uuid/${version}` : version;
}
