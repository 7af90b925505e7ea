import { createSign } from "node:crypto";
import { readFile } from "node:fs/promises";
import { z } from "zod";
import { artifactRegistryCredentials } from "../../artifacts/cloud/artifact-registry-credentials.ts";
import { form, requestJson } from "../../artifacts/cloud/token-request.ts";
import { RegistryError } from "../../artifacts/registry-error.ts";
import { BadInput } from "../../errors.ts";
import { cloudToken } from "../cloud-token.ts";

type Entries = Readonly<Record<string, string | undefined>>;

export interface GoogleIdentity {
  /** Owner of the source, for errors. */
  what: string;
  /** Entries of the Secret of the source; none if it names none. */
  credentials: Entries;
  /** Variables of the process. */
  env: Entries;
  fetch?: typeof fetch;
}

const SCOPE = "https://www.googleapis.com/auth/devstorage.read_only";
const TOKEN_URL = "https://oauth2.googleapis.com/token";
/** Entry of the Secret with the key file, as `gcloud iam service-accounts keys create key.json` writes it. */
const KEY = "key.json";
const METADATA_HOST = "169.254.169.254";
/** Longest wait for the metadata server, in milliseconds: elsewhere than in Google's cloud nobody answers. */
const METADATA_MS = 3000;

const keySchema = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("service_account"),
    client_email: z.string(),
    private_key: z.string(),
    token_uri: z.url().default(TOKEN_URL),
  }),
  z.object({
    type: z.literal("authorized_user"),
    client_id: z.string(),
    client_secret: z.string(),
    refresh_token: z.string(),
  }),
]);
type Key = z.infer<typeof keySchema>;
const tokenSchema = z.object({ access_token: z.string() });

/**
 * Returns an access token for the key of a source's Secret or, without one, of GOOGLE_APPLICATION_CREDENTIALS or of the pod's own identity.
 * Undefined if there is none: a public bucket needs none. Throws BadInput for a key of another form. No message has a part of a key.
 */
export async function googleToken(identity: GoogleIdentity): Promise<string | undefined> {
  const { what, credentials, env, fetch: fetchImpl = fetch } = identity;
  const names = Object.keys(credentials);
  if (names.length > 0) {
    const text = credentials[KEY];
    if (text === undefined || names.length > 1)
      throw new BadInput(
        `${what}: the Secret of source.credentials must have ${KEY} alone, the key file of a service account, got ${names.join(", ")}`,
      );
    return exchange(what, keyOf(what, text, `${KEY} of the Secret of source.credentials`), fetchImpl);
  }
  const file = env["GOOGLE_APPLICATION_CREDENTIALS"];
  if (file)
    return exchange(
      what,
      keyOf(what, await readKey(what, file), "GOOGLE_APPLICATION_CREDENTIALS"),
      fetchImpl,
    );
  const isPod = (env["KUBERNETES_SERVICE_HOST"] ?? "") !== "" || env["GCE_METADATA_HOST"] !== undefined;
  return isPod ? podToken(env["GCE_METADATA_HOST"] ?? METADATA_HOST, fetchImpl) : undefined;
}

async function podToken(host: string, fetchImpl: typeof fetch): Promise<string | undefined> {
  const quick: typeof fetch = (url, init) =>
    fetchImpl(url, { ...init, signal: AbortSignal.timeout(METADATA_MS) });
  try {
    return (await artifactRegistryCredentials(host, quick)).value.password;
  } catch (error) {
    if (error instanceof RegistryError) return undefined; // this pod has no identity of Google's cloud
    throw error;
  }
}

function readKey(what: string, file: string): Promise<string> {
  return readFile(file, "utf8").catch(() => {
    throw new BadInput(
      `${what}: GOOGLE_APPLICATION_CREDENTIALS must name a file that can be read, got ${file}`,
    );
  });
}

function keyOf(what: string, text: string, owner: string): Key {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    json = undefined;
  }
  const parsed = keySchema.safeParse(json);
  if (parsed.success) return parsed.data;
  throw new BadInput(
    `${what}: ${owner} must be the key file of a service account, got another text; create a key for it`,
  );
}

/** @see https://developers.google.com/identity/protocols/oauth2/service-account#httprest */
function exchange(what: string, key: Key, fetchImpl: typeof fetch): Promise<string> {
  const [url, fields] =
    key.type === "service_account"
      ? [
          key.token_uri,
          { grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer", assertion: assertion(what, key) },
        ]
      : [TOKEN_URL, refreshFields(key)];
  return cloudToken(what, async () => {
    const answer = await requestJson(
      fetchImpl,
      "exchange the key for a token",
      url,
      form(fields),
      tokenSchema,
    );
    return answer.access_token;
  });
}

function refreshFields({
  client_id,
  client_secret,
  refresh_token,
}: Extract<Key, { type: "authorized_user" }>): Record<string, string> {
  return { grant_type: "refresh_token", client_id, client_secret, refresh_token };
}

function assertion(what: string, key: Extract<Key, { type: "service_account" }>): string {
  const now = Math.floor(Date.now() / 1000);
  const claims = { iss: key.client_email, scope: SCOPE, aud: key.token_uri, iat: now, exp: now + 3600 };
  const body = [{ alg: "RS256", typ: "JWT" }, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"))
    .join(".");
  try {
    return `${body}.${createSign("RSA-SHA256").update(body).sign(key.private_key, "base64url")}`;
  } catch {
    throw new BadInput(
      `${what}: private_key of the key file must be an RSA key in PEM, got another text; create a key again`,
    );
  }
}
