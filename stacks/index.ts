import * as pulumi from "@pulumi/pulumi";
import { loadFoundation } from "./foundation/load-foundation.ts";
import { ConfigError } from "./config/config-error.ts";
import { loadConfig } from "./config/load-config.ts";
import { registryCredentials } from "./config/registry-credentials.ts";
import { resolveServices } from "./config/resolve-services.ts";
import { parseRunningServices, RUNNING_SERVICES_VARIABLE } from "./config/running-services.ts";
import { tagResolver } from "./config/tag-resolver.ts";
import { createPlatform } from "./platform.ts";
import type { Exported, PlatformOutputs } from "./platform-outputs.ts";

/** The Pulumi program. Returns the outputs of the stack. */
export default async function program(): Promise<Exported<PlatformOutputs>> {
  try {
    return await run(process.env);
  } catch (error) {
    // The author of the config reads this error, so it has no stack trace of the program.
    throw error instanceof ConfigError ? new pulumi.RunError(error.message) : error;
  }
}

async function run(env: NodeJS.ProcessEnv): Promise<Exported<PlatformOutputs>> {
  const config = await loadConfig(env);
  const { url, dockerConfig } = config.registry;
  const { services, notices } = await resolveServices(config.environments, {
    resolveTag: tagResolver({
      registryUrl: url,
      credentials: () => registryCredentials({ url, dockerConfig, env }),
    }),
    running: parseRunningServices(env[RUNNING_SERVICES_VARIABLE]),
  });
  for (const notice of [...(config.notices ?? []), ...notices]) await pulumi.log.info(notice);
  return createPlatform(config, services, await loadFoundation(config));
}
