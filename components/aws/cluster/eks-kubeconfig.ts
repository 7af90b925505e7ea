import * as pulumi from "@pulumi/pulumi";

export interface EksKubeconfigOptions {
  clusterName: pulumi.Input<string>;
  region: string;
  /** URL of the API server. */
  endpoint: pulumi.Input<string>;
  /** Certificate authority of the API server: PEM in base64. */
  certificateAuthority: pulumi.Input<string>;
}

/**
 * Returns a kubeconfig without credentials: the AWS CLI gets a token for the user who runs it. It is built from outputs of
 * the cluster, so it is unknown in a first preview, and Pulumi does not try to reach a cluster that does not exist.
 */
export function eksKubeconfig(options: EksKubeconfigOptions): pulumi.Output<string> {
  const { clusterName, region, endpoint, certificateAuthority } = options;
  return pulumi.jsonStringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [
      {
        name: clusterName,
        cluster: { server: endpoint, "certificate-authority-data": certificateAuthority },
      },
    ],
    contexts: [{ name: clusterName, context: { cluster: clusterName, user: clusterName } }],
    "current-context": clusterName,
    users: [
      {
        name: clusterName,
        user: {
          exec: {
            apiVersion: "client.authentication.k8s.io/v1beta1",
            command: "aws",
            args: ["eks", "get-token", "--output", "json", "--cluster-name", clusterName, "--region", region],
            interactiveMode: "Never",
          },
        },
      },
    ],
  });
}
