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

/** A service of an environment with the model version that it serves. */
export interface ResolvedService {
  environment: string;
  /** Name of the service. */
  name: string;
  workload: string;
  modelName: string;
  digest: string;
  /** `<repository>@<digest>`. */
  reference: string;
  /** Managed service that runs it; undefined for a service in the cluster. */
  target: TargetConfig | undefined;
  pods: PodsConfig;
}

export interface ResolvedServices {
  services: ResolvedService[];
  /** One sentence for each service that is left out or keeps its running version. */
  notices: string[];
}

export interface ResolveOptions {
  resolveTag: TagResolver;
  /** Services that the stack runs now. @default - not known */
  running?: RunningServices | undefined;
}

/** A service of the config. */
interface ConfiguredService {
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
 * Finds the version that each service serves: the digest in the config, or the digest of the tag that it follows. Leaves out a service
 * without a version if it does not run yet. A running service keeps its version if the tag was deleted. Throws a ConfigError if a running
 * service would end or a tag was lost.
 */
export async function resolveServices(
  environments: StackConfig["environments"],
  options: ResolveOptions,
): Promise<ResolvedServices> {
  const configured = Object.entries(environments).flatMap(([environment, { services }]) =>
    Object.entries(services).map(([name, settings]): ConfiguredService => {
      const { workload, modelName = name } = settings;
      const repository = artifactRepository(workload, "model", modelName);
      return { environment, name, settings, modelName, repository };
    }),
  );
  const resolved = await Promise.all(
    configured.map(async (service) => ({ service, resolution: await resolve(service, options) })),
  );
  const problems = resolved.flatMap(({ resolution }) => ("problem" in resolution ? resolution.problem : []));
  if (problems.length > 0) throw new ConfigError(problems);
  return {
    services: resolved.flatMap(({ service, resolution: { digest } }) =>
      digest === undefined ? [] : toResolvedService(service, digest),
    ),
    notices: resolved.flatMap(({ resolution }) => ("notice" in resolution ? (resolution.notice ?? []) : [])),
  };
}

async function resolve(service: ConfiguredService, options: ResolveOptions): Promise<Resolution> {
  const { model } = service.settings;
  if (model?.digest !== undefined) return { digest: model.digest };
  const digest = model?.follow && (await options.resolveTag(service.repository, model.follow));
  return digest === undefined ? resolveWithoutVersion(service, model?.follow, options) : { digest };
}

/** Decides what happens to a service for which neither the config nor the registry has a version. */
async function resolveWithoutVersion(
  { environment, name, repository }: ConfiguredService,
  follow: ModelAlias | undefined,
  { resolveTag, running }: ResolveOptions,
): Promise<Resolution> {
  const service = `${environment}/${name}`;
  const path = `${PROJECT}:environments.${environment}.services.${name}.model`;
  const reference = running?.get(service);
  if (reference !== undefined) {
    const current = parseArtifactReference(reference);
    if (follow !== undefined && current.repository === repository)
      return {
        digest: current.digest,
        notice: `${service}: tag ${follow} of ${repository} no longer exists; the service keeps its version ${current.digest}: point the tag at a version, or pin one`,
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
  // Promotion sets `challenger` before `champion`, so a champion without a challenger means that the tag was lost.
  if (follow === "challenger" && (await resolveTag(repository, "champion")) !== undefined)
    return {
      problem: {
        path,
        message: `must follow a tag that exists, got no tag challenger of ${repository}, which has a champion`,
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

function toResolvedService(
  { environment, name, settings, modelName, repository }: ConfiguredService,
  digest: string,
): ResolvedService {
  const reference = formatArtifactReference({ repository, digest });
  const { workload, target } = settings;
  return { environment, name, workload, modelName, digest, reference, target, pods: podsOf(settings) };
}
