import * as pulumi from "@pulumi/pulumi";

export interface EksKubeconfigOptions {
  clusterName: pulumi.Input<string>;
  region: string;
  /** Of the API server. */
  endpoint: pulumi.Input<string>;
  /** PEM of its authority, base64. */
  certificateAuthority: pulumi.Input<string>;
}

/**
 * A kubeconfig without credentials: the AWS CLI gets a token for whoever runs it. It is made of what the cluster is
 * known by once it is there, so that a first preview knows that it knows nothing.
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
