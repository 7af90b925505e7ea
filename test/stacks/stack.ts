import * as pulumi from "@pulumi/pulumi";
import { readFile } from "node:fs/promises";
import { parse } from "yaml";
import { loadFoundation } from "../../stacks/foundation/load-foundation.ts";
import type { PlatformConfig } from "../../stacks/config/load-config.ts";
import { parseConfig } from "../../stacks/config/parse-config.ts";
import { createPlatform } from "../../stacks/platform.ts";
import { registryUrl } from "../../stacks/config/registry-url.ts";
import { resolveServices } from "../../stacks/config/resolve-services.ts";
import { record, type Recorded } from "../components/record.ts";
import { lock } from "../components/stage.ts";

/** Digest of every model that a stack follows. */
export const digest = `sha256:${"d".repeat(64)}`;

/** Returns the config that Pulumi passes for `Pulumi.<name>.yaml`. */
export async function rawConfig(
  name: string,
  overrides: Record<string, unknown> = {},
): Promise<Record<string, string>> {
  const text = await readFile(new URL(`../../Pulumi.${name}.yaml`, import.meta.url), "utf8");
  const { config } = parse(text) as { config: Record<string, unknown> };
  return Object.fromEntries(
    Object.entries({ ...config, ...overrides }).map(([key, value]) => [key, JSON.stringify(value)]),
  );
}

/** Returns the resources of a stack, if the registry has every tag that it follows. */
export async function stack(
  name: string,
  overrides: Record<string, unknown> = {},
  runtimeBuild?: PlatformConfig["runtimeBuild"],
): Promise<Recorded[]> {
  return (await stackWithOutputs(name, overrides, runtimeBuild)).resources;
}

/** Returns the resources of a stack, and its output `managedServices`. */
export async function stackWithOutputs(
  name: string,
  overrides: Record<string, unknown> = {},
  runtimeBuild?: PlatformConfig["runtimeBuild"],
): Promise<{ resources: Recorded[]; managed: unknown }> {
  const config = parseConfig(await rawConfig(name, overrides));
  const { registry, ...parsed } = config;
  const whole: PlatformConfig = {
    ...parsed,
    registry: {
      kind: registry.kind,
      url: registryUrl(config),
      dockerConfig: registry.kind === "local" ? '{"auths":{}}' : undefined,
    },
    images: lock,
    runtimeBuild,
  };
  const { services } = await resolveServices(whole.environments, {
    resolveTag: () => Promise.resolve(digest),
  });
  const { resources, result } = await record(async () => {
    const { managedServices } = await createPlatform(whole, services, await loadFoundation(whole));
    return new Promise<unknown>((resolve) => pulumi.output(managedServices).apply(resolve));
  });
  return { resources, managed: result };
}
