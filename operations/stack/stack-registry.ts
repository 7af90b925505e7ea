import { resolve } from "node:path";
import type { ImageName } from "../../components/platform/registry/images-lock.ts";
import { isPullThroughKind, type PullThroughKind } from "../../components/platform/registry/pull-through.ts";
import { neededImages } from "../../stacks/config/needed-images.ts";
import { parseConfig } from "../../stacks/config/parse-config.ts";
import { PROJECT } from "../../stacks/config/project-name.ts";
import { readStackFile } from "../../stacks/config/stack-file.ts";
import { upstreamAccounts } from "../../stacks/config/schema/registry.ts";
import { registryUrl } from "../../stacks/config/registry-url.ts";
import type { Credentials } from "../../runtime/artifacts/credentials.ts";
import { registryLogin } from "../registry-login.ts";
import { foundationOf } from "./foundation-of.ts";
import { loadStackFile } from "./load-stack-file.ts";

export interface StackRegistry {
  /** Kind in the config: `ecr`, `existing`, … */
  kind: string;
  /** Stack of the foundation that creates it. @default - it is of no foundation */
  foundation?: string;
  /** Base URL. */
  url: string;
  /** Path of the stack's lock file. */
  lockFile: string;
  /** Docker config in the stack's file. @default - none */
  credentialsFile?: string;
  /** Kind of the registry, if it pulls images of public registries through. @default - none: all images are copied */
  pullThrough?: PullThroughKind;
  /** Hosts of public registries for which the registry has an account. */
  accounts: readonly string[];
  /** Images that the pods of the stack run. */
  needed: readonly ImageName[];
  /** Logs in with the command line of the cloud. @default - the registry is not that of a cloud */
  login?: () => Promise<Credentials>;
  /** Images that the program of the stack builds itself. */
  built: readonly ImageName[];
}

/** Reads the registry of a stack from its file. Needs no engine, no state and no passphrase. */
export async function stackRegistry(root: string, stack: string): Promise<StackRegistry> {
  const file = await loadStackFile(root, stack);
  const foundation = await foundationOf(file);
  const parsed = parseConfig(
    Object.fromEntries(
      Object.entries(file.config).map(([key, value]) => [key, asText(withoutSecrets(value))]),
    ),
    {
      foundation,
      source: { name: file.file, file: readStackFile(file.text, PROJECT), foundation: foundation?.source },
    },
  );
  const { config } = parsed;
  const { registry, images } = config;
  const owner = parsed.layer === "foundation" ? stack : parsed.foundation;
  const url = registryUrl(config);
  const login = registryLogin(registry.kind, url);
  return {
    kind: registry.kind,
    ...(owner === undefined ? {} : { foundation: owner }),
    url,
    ...(login === undefined ? {} : { login }),
    lockFile: resolve(root, images.lockFile),
    ...("credentialsFile" in registry && registry.credentialsFile !== undefined
      ? { credentialsFile: resolve(root, registry.credentialsFile) }
      : {}),
    ...(images.supply === "pull-through" && isPullThroughKind(registry.kind)
      ? { pullThrough: registry.kind }
      : {}),
    accounts: upstreamAccounts(registry),
    needed: neededImages(config, { buildsRuntime: images.build !== undefined }),
    built: images.build === undefined ? [] : ["runtime"],
  };
}

const asText = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));

/** Replaces each secret by a placeholder of a valid form. */
function withoutSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (typeof value !== "object" || value === null) return value;
  if ("secure" in value) return "https://sealed.invalid";
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withoutSecrets(inner)]));
}
