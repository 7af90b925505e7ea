import * as pulumi from "@pulumi/pulumi";
import { createFoundation, type FoundationOutputs } from "./foundation/create-foundation.ts";
import { openConnection } from "./connection/open-connection.ts";
import { RuntimeFault } from "../runtime/errors.ts";
import { loadConfig } from "./config/load-config.ts";
import { registryCredentials } from "./config/registry-credentials.ts";
import { resolveServices } from "./config/resolve-services.ts";
import { parseRunningServices, RUNNING_SERVICES_VARIABLE } from "./config/running-services.ts";
import { tagResolver } from "./config/tag-resolver.ts";
import { UserError } from "./config/user-error.ts";
import { createPlatform } from "./platform.ts";
import type { Exported, PlatformOutputs } from "./platform-outputs.ts";

/** The Pulumi program: a foundation or a platform, by the config of the stack. It returns the stack's outputs. */
export default async function program(): Promise<Exported<PlatformOutputs> | FoundationOutputs> {
  try {
    return await run(process.env);
  } catch (error) {
    // These messages say what to mend in the config or the registry: a stack trace of the program would be in the way.
    throw error instanceof UserError || error instanceof RuntimeFault
      ? new pulumi.RunError(error.message)
      : error;
  }
}

async function run(env: NodeJS.ProcessEnv): Promise<Exported<PlatformOutputs> | FoundationOutputs> {
  const { layer, config } = await loadConfig(env);
  for (const notice of config.notices ?? []) await pulumi.log.info(notice);
  if (layer === "foundation") return createFoundation(config);
  const { url, dockerConfig } = config.registry;
  const { services, notices } = await resolveServices(config.environments, {
    resolveTag: tagResolver({
      registryUrl: url,
      credentials: () => registryCredentials({ url, dockerConfig, env }),
    }),
    running: parseRunningServices(env[RUNNING_SERVICES_VARIABLE]),
  });
  for (const notice of notices) await pulumi.log.info(notice);
  return createPlatform(config, services, await openConnection(config));
}
