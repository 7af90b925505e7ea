import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";

/**
 * Lets a cluster run only images that Google ships for GKE and images that match the patterns. A project has one policy: this one
 * replaces it, allows all images in the other clusters of the project, and is reset to Google's default when it is deleted.
 *
 * @see https://cloud.google.com/binary-authorization/docs/policy-yaml-reference
 */
export function createAdmissionPolicy(
  name: string,
  {
    project,
    region,
    cluster,
    imageSources,
  }: {
    project: pulumi.Input<string>;
    region: string;
    cluster: gcp.container.Cluster;
    imageSources: readonly string[];
  },
  parent: pulumi.Resource,
): gcp.binaryauthorization.Policy {
  return new gcp.binaryauthorization.Policy(
    `${name}-admission`,
    {
      project,
      globalPolicyEvaluationMode: "ENABLE",
      admissionWhitelistPatterns: imageSources.map((namePattern) => ({ namePattern })),
      defaultAdmissionRule: {
        evaluationMode: "ALWAYS_ALLOW",
        enforcementMode: "ENFORCED_BLOCK_AND_AUDIT_LOG",
      },
      clusterAdmissionRules: [
        {
          cluster: pulumi.interpolate`${region}.${cluster.name}`,
          evaluationMode: "ALWAYS_DENY",
          enforcementMode: "ENFORCED_BLOCK_AND_AUDIT_LOG",
        },
      ],
    },
    { parent },
  );
}
