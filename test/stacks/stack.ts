import * as pulumi from "@pulumi/pulumi";
import { parse } from "yaml";
import type { ParsedConfig } from "../../stacks/config/check-config.ts";
import { ownValues } from "../../stacks/config/foundation-file.ts";
import type { FoundationFile } from "../../stacks/config/merge-foundation.ts";
import { layerOf } from "../../stacks/config/layer.ts";
import { openConnection } from "../../stacks/connection/open-connection.ts";
import { createFoundation } from "../../stacks/foundation/create-foundation.ts";
import type { PlatformConfig } from "../../stacks/config/load-config.ts";
import { parseConfig } from "../../stacks/config/parse-config.ts";
import { createPlatform } from "../../stacks/platform.ts";
import { registryUrl } from "../../stacks/config/registry-url.ts";
import { resolveServices } from "../../stacks/config/resolve-services.ts";
import { record, type Recorded } from "../components/record.ts";
import { lock } from "../components/stage.ts";
import { shippedStack } from "./shipped-stack.ts";

/** Digest of every model that a stack follows. */
export const digest = `sha256:${"d".repeat(64)}`;

/** Returns the config that Pulumi passes for `Pulumi.<name>.yaml`. */
export async function rawConfig(
  name: string,
  overrides: Record<string, unknown> = {},
): Promise<Record<string, string>> {
  const { config } = parse(await shippedStack(name)) as { config: Record<string, unknown> };
  return Object.fromEntries(
    Object.entries({ ...config, ...overrides }).map(([key, value]) => [key, JSON.stringify(value)]),
  );
}

/** Parses the config of a platform, as Pulumi passes it. */
export function parsePlatform(
  raw: Record<string, string>,
  foundation?: FoundationFile,
): Extract<ParsedConfig, { layer: "platform" }>["config"] {
  const parsed = parseConfig(raw, { foundation });
  if (parsed.layer !== "platform") throw new Error("the config is that of a foundation");
  return parsed.config;
}

export interface StackChanges {
  /** Keys of `slipway:cloud` of the foundation over those of its file; undefined takes a key away. */
  cloud?: Record<string, unknown>;
  /** Keys of `slipway:cluster` of the foundation over those of its file. */
  cluster?: Record<string, unknown>;
  /** Keys of `slipway:images` of the foundation over those of its file. */
  images?: Record<string, unknown>;
  runtimeBuild?: PlatformConfig["runtimeBuild"];
}

/** Parses the config of a stack, with the foundation that it names. */
export async function parseStack(
  name: string,
  overrides: Record<string, unknown> = {},
  changes: StackChanges = {},
): Promise<ParsedConfig> {
  const raw = await rawConfig(name, overrides);
  const values = ownValues(raw);
  const layer = layerOf(values);
  if (layer.kind === "foundation") return parseConfig(toRaw(changed(values, changes)));
  if (layer.foundation === undefined) return parseConfig(raw);
  const foundation = changed(ownValues(await rawConfig(layer.foundation)), changes);
  return parseConfig(raw, {
    foundation: { file: `Pulumi.${layer.foundation}.yaml`, values: foundation },
  });
}

function changed(
  values: Record<string, unknown>,
  { cloud, cluster, images }: StackChanges,
): Record<string, unknown> {
  return {
    ...values,
    cloud: { ...(values["cloud"] as object), ...cloud },
    cluster: { ...(values["cluster"] as object), ...cluster },
    images: { ...(values["images"] as object), ...images },
  };
}

function toRaw(values: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [`slipway:${key}`, JSON.stringify(value)]),
  );
}

/** Returns the resources of a stack, if the registry has every tag that it follows. */
export async function stack(
  name: string,
  overrides: Record<string, unknown> = {},
  changes: StackChanges = {},
): Promise<Recorded[]> {
  return (await stackWithOutputs(name, overrides, changes)).resources;
}

/** Returns the resources of a stack, and its outputs. The foundation that it stands on is deployed. */
export async function stackWithOutputs(
  name: string,
  overrides: Record<string, unknown> = {},
  changes: StackChanges = {},
): Promise<{ resources: Recorded[]; outputs: Record<string, unknown> }> {
  const parsed = await parseStack(name, overrides, changes);
  const url = registryUrl(parsed.config);
  if (parsed.layer === "foundation") {
    const { cluster, cloud } = parsed.config;
    return recordOutputs(() => createFoundation({ cluster, cloud, registry: { url }, images: lock }));
  }
  const { config, foundation } = parsed;
  const { registry, ...rest } = config;
  const whole: PlatformConfig = {
    ...rest,
    registry: {
      kind: registry.kind,
      url,
      dockerConfig: registry.kind === "local" ? '{"auths":{}}' : undefined,
    },
    images: lock,
    runtimeBuild: changes.runtimeBuild,
    foundation,
  };
  const { services } = await resolveServices(whole.environments, {
    resolveTag: () => Promise.resolve(digest),
  });
  const stackOutputs =
    foundation === undefined ? {} : (await stackWithOutputs(foundation, {}, changes)).outputs;
  return recordOutputs(
    async () => createPlatform(whole, services, await openConnection(whole)),
    stackOutputs,
  );
}

async function recordOutputs(
  program: () => Promise<object>,
  stackOutputs: object = {},
): Promise<{ resources: Recorded[]; outputs: Record<string, unknown> }> {
  const { resources, result } = await record(
    async () => {
      const outputs = await program();
      return new Promise<object>((resolve) => pulumi.output(outputs).apply(resolve));
    },
    { stackOutputs },
  );
  return { resources, outputs: result as Record<string, unknown> };
}
