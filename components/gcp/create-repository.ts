import * as gcp from "@pulumi/gcp";
import type * as pulumi from "@pulumi/pulumi";

export interface GcpRepositoryOptions {
  project: pulumi.Input<string>;
  location: string;
  repositoryId: string;
  /** `projects/…/cryptoKeys/…` that encrypts the repository. */
  keyName: pulumi.Input<string>;
  description: string;
  /** Content that is pushed, with tags that may move or may not, or the URL of an upstream registry whose images are copied. */
  content: { immutableTags: boolean } | { upstream: string };
  /** @see https://cloud.google.com/artifact-registry/docs/repositories/cleanup-policy */
  cleanupPolicies: gcp.types.input.artifactregistry.RepositoryCleanupPolicy[];
}

/** Seconds of a day, for the durations of cleanup policies. */
export const DAY_SECONDS = 86_400;

/** Creates a repository of Artifact Registry that is scanned for vulnerabilities. */
export function createGcpRepository(
  name: string,
  { keyName, content, ...options }: GcpRepositoryOptions,
  opts: pulumi.CustomResourceOptions,
): gcp.artifactregistry.Repository {
  return new gcp.artifactregistry.Repository(
    name,
    {
      ...options,
      format: "DOCKER",
      kmsKeyName: keyName,
      ...("upstream" in content
        ? {
            mode: "REMOTE_REPOSITORY",
            remoteRepositoryConfig: {
              description: content.upstream,
              commonRepository: { uri: content.upstream },
            },
          }
        : { mode: "STANDARD_REPOSITORY", dockerConfig: { immutableTags: content.immutableTags } }),
      vulnerabilityScanningConfig: { enablementConfig: "INHERITED" },
      cleanupPolicyDryRun: false,
    },
    opts,
  );
}
