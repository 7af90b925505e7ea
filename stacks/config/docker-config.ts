import { z } from "zod";
import { ConfigError } from "./config-error.ts";

const dockerConfigSchema = z.object({
  auths: z.record(
    z.string(),
    z.object({
      auth: z.string().optional(),
      username: z.string().optional(),
      password: z.string().optional(),
    }),
  ),
});
export type DockerConfig = z.infer<typeof dockerConfigSchema>;

/** Parses a Docker `config.json`. Throws a ConfigError that names `what` and nothing of the content. */
export function parseDockerConfig(text: string, what: string): DockerConfig {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new ConfigError([`${what}: must hold JSON as docker login writes it`]);
  }
  const parsed = dockerConfigSchema.safeParse(json);
  if (!parsed.success)
    throw new ConfigError([
      `${what}: must hold {"auths": {"HOST": {"auth": "…"}}}, as docker login writes it`,
    ]);
  return parsed.data;
}

/** `Authorization` header for a host; undefined where the file has nothing for it. */
export function basicAuthorization(config: DockerConfig, host: string): string | undefined {
  const entry = Object.entries(config.auths).find(
    ([key]) => key.replace(/^https?:\/\//, "").replace(/\/.*$/, "") === host,
  )?.[1];
  if (entry?.auth !== undefined) return `Basic ${entry.auth}`;
  if (entry?.username === undefined || entry.password === undefined) return undefined;
  return `Basic ${Buffer.from(`${entry.username}:${entry.password}`).toString("base64")}`;
}
