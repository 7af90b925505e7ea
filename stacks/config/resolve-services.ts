import { artifactRepository } from "../../runtime/contract/artifact-kind.ts";
import type { ModelAlias } from "../../runtime/contract/moving-tags.ts";
import {
  formatArtifactReference,
  parseArtifactReference,
} from "../../runtime/contract/artifact-reference.ts";
import { ConfigError } from "./config-error.ts";
import type { ConfigProblem } from "./config-problem.ts";
import { PROJECT } from "./project-name.ts";
import type { RunningServices } from "./running-services.ts";
import { podsOf, type PodsConfig, type ServiceConfig } from "./schema/environment.ts";
import type { TargetConfig } from "./schema/target.ts";
import type { StackConfig } from "./schema.ts";
import type { TagResolver } from "./tag-resolver.ts";

/** A service of an environment and the model version that it serves. */
export interface ServedModel {
  environment: string;
  /** Name of the service. */
  name: string;
  workload: string;
  modelName: string;
  digest: string;
  /** `<repository>@<digest>`. */
  reference: string;
  /** Target outside of the cluster. @default - the cluster */
  target: TargetConfig | undefined;
  pods: PodsConfig;
}

export interface ResolvedServices {
  serving: ServedModel[];
  /** One sentence for each service that is left out, or that keeps its running version. */
  notices: string[];
}

export interface ResolveOptions {
  resolveTag: TagResolver;
  /** Services that run now. @default - not known */
  running?: RunningServices | undefined;
}

interface Wanted {
  environment: string;
  name: string;
  settings: ServiceConfig;
  modelName: string;
  repository: string;
}

type Resolution =
  | { digest: string; notice?: string }
  | { digest?: undefined; notice: string }
  | { digest?: undefined; problem: ConfigProblem };

/**
 * Finds the version of each service: the digest that the config pins, or the digest of the tag that it follows. A service without a
 * version is left out if it never ran, and a running service whose tag is gone keeps its version. Throws a ConfigError otherwise.
 */
export async function resolveServices(
  environments: StackConfig["environments"],
  options: ResolveOptions,
): Promise<ResolvedServices> {
  const wanted = Object.entries(environments).flatMap(([environment, { services }]) =>
    Object.entries(services).map(([name, settings]): Wanted => {
      const { workload, modelName = name } = settings;
      const repository = artifactRepository(workload, "model", modelName);
      return { environment, name, settings, modelName, repository };
    }),
  );
  const resolved = await Promise.all(
    wanted.map(async (service) => ({ service, resolution: await resolve(service, options) })),
  );
  const problems = resolved.flatMap(({ resolution }) => ("problem" in resolution ? resolution.problem : []));
  if (problems.length > 0) throw new ConfigError(problems);
  return {
    serving: resolved.flatMap(({ service, resolution: { digest } }) =>
      digest === undefined ? [] : served(service, digest),
    ),
    notices: resolved.flatMap(({ resolution }) => ("notice" in resolution ? (resolution.notice ?? []) : [])),
  };
}

async function resolve(service: Wanted, options: ResolveOptions): Promise<Resolution> {
  const { model } = service.settings;
  if (model?.digest !== undefined) return { digest: model.digest };
  const digest = model?.follow && (await options.resolveTag(service.repository, model.follow));
  return digest === undefined ? withoutVersion(service, model?.follow, options) : { digest };
}

/** Decides about a service without a version in the config and in the registry. */
async function withoutVersion(
  { environment, name, repository }: Wanted,
  follow: ModelAlias | undefined,
  { resolveTag, running }: ResolveOptions,
): Promise<Resolution> {
  const service = `${environment}/${name}`;
  const path = `${PROJECT}:environments.${environment}.services.${name}.model`;
  const reference = running?.get(service);
  if (reference !== undefined) {
    const now = parseArtifactReference(reference);
    if (follow !== undefined && now.repository === repository)
      return {
        digest: now.digest,
        notice: `${service}: tag ${follow} of ${repository} is gone; the service keeps ${now.digest}, which it serves now: point the tag at a version, or pin one`,
      };
    const rule = follow === undefined ? "be set" : `name a version of ${repository}`;
    const got = follow === undefined ? "nothing" : `no tag ${follow}`;
    return {
      problem: {
        path,
        message: `must ${rule} while the service runs (${reference}), got ${got}`,
        fix: `pin a digest, or remove the service ${service} to end it`,
      },
    };
  }
  // Promotion moves `champion` only after `challenger`: a champion without a challenger means that a tag was lost.
  if (follow === "challenger" && (await resolveTag(repository, "champion")) !== undefined)
    return {
      problem: {
        path,
        message: `must follow a tag that is there, got no tag challenger of ${repository}, which has a champion`,
        fix: "promote a model again: npm run promote, or pin a digest",
      },
    };
  return {
    notice:
      follow === undefined
        ? `${service}: no model yet (${path} is not set): the service is left out`
        : `${service}: no model yet (${repository} has no tag ${follow}): the service is left out`,
  };
}

function served({ environment, name, settings, modelName, repository }: Wanted, digest: string): ServedModel {
  const reference = formatArtifactReference({ repository, digest });
  const { workload, target } = settings;
  return { environment, name, workload, modelName, digest, reference, target, pods: podsOf(settings) };
}
