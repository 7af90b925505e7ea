import * as pulumi from "@pulumi/pulumi";
import { loadFoundation } from "./foundation/load-foundation.ts";
import { loadConfig } from "./config/load-config.ts";
import { platform, type PlatformOutputs } from "./platform.ts";
import { resolveServices } from "./config/resolve-services.ts";

/** The Pulumi program: what it returns are the stack's outputs. */
export default async function program(): Promise<PlatformOutputs> {
  const config = await loadConfig(process.env);
  const { url, dockerConfig } = config.registry;
  const { serving, notices } = await resolveServices(config.environments, { registryUrl: url, dockerConfig });
  for (const notice of [...(config.notices ?? []), ...notices]) await pulumi.log.info(notice);
  return platform(config, serving, await loadFoundation(config));
}
