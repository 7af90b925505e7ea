import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { BadInput } from "../errors.ts";

export interface Credentials {
  username: string;
  password: string;
}

/**
 * Gets credentials that expire. Returns the same ones until shortly before that; with `renew`, which follows a refusal by the registry,
 * it gets new ones.
 */
export type CredentialsSource = (options?: { renew?: boolean }) => Promise<Credentials>;

const authSchema = z.object({
  auth: z.string().optional(),
  username: z.string().optional(),
  password: z.string().optional(),
});
const configSchema = z.object({
  auths: z.record(z.string(), authSchema).default({}),
  credHelpers: z.record(z.string(), z.string()).default({}),
  credsStore: z.string().optional(),
});

/**
 * Returns the credentials of a registry host (with its port) from a Docker `config.json`; undefined if the file has none.
 * @see https://docs.docker.com/reference/cli/docker/login/
 */
export async function loadCredentials(
  dockerConfig: string | undefined,
  host: string,
): Promise<Credentials | undefined> {
  if (dockerConfig === undefined) return undefined;
  const path = join(dockerConfig, "config.json");
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new BadInput(`${path}: cannot be read; make it readable for this user`, { cause: error });
  }
  return credentialsFor(text, host, path);
}

/** Like loadCredentials, from the text of the file. Errors name `path` but never the content. */
export function credentialsFor(text: string, host: string, path: string): Credentials | undefined {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new BadInput(`${path}: must be JSON; write it again with docker login`);
  }
  const config = configSchema.safeParse(json);
  if (!config.success) throw new BadInput(`${path}: must have the form of a Docker config.json`);
  const { auths, credHelpers, credsStore } = config.data;
  const entry = Object.entries(auths).find(([key]) => hostOf(key) === host)?.[1];
  const found = entry === undefined ? undefined : fromEntry(entry);
  if (found !== undefined) return found;
  if (credHelpers[host] !== undefined || (credsStore !== undefined && entry !== undefined))
    throw new BadInput(`${path}: ${host} uses a credential helper; write an auths entry for it instead`);
  return undefined;
}

function fromEntry(entry: z.infer<typeof authSchema>): Credentials | undefined {
  if (entry.username !== undefined && entry.password !== undefined)
    return { username: entry.username, password: entry.password };
  if (entry.auth === undefined || entry.auth === "") return undefined;
  const plain = Buffer.from(entry.auth, "base64").toString("utf8");
  const colon = plain.indexOf(":");
  return colon < 1 ? undefined : { username: plain.slice(0, colon), password: plain.slice(colon + 1) };
}

/** Keys are hosts, or URLs such as https://index.docker.io/v1/. */
function hostOf(key: string): string {
  return key.replace(/^https?:\/\//, "").replace(/\/.*$/, "");
}
