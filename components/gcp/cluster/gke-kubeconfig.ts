export interface GkeEndpoint {
  /** Name of the cluster, and of what the kubeconfig calls it. */
  name: string;
  /** Address of the API server, without a scheme. */
  endpoint: string;
  /** Base64 of the authority that signed its certificate. */
  caCertificate: string;
}

/**
 * A kubeconfig that holds no credential: whoever uses it asks gke-gcloud-auth-plugin for a token of their own.
 *
 * @see https://cloud.google.com/kubernetes-engine/docs/how-to/cluster-access-for-kubectl
 */
export function gkeKubeconfig({ name, endpoint, caCertificate }: GkeEndpoint): string {
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": name,
    contexts: [{ name, context: { cluster: name, user: name } }],
    clusters: [
      {
        name,
        cluster: { server: `https://${endpoint}`, "certificate-authority-data": caCertificate },
      },
    ],
    users: [
      {
        name,
        user: {
          exec: {
            apiVersion: "client.authentication.k8s.io/v1beta1",
            command: "gke-gcloud-auth-plugin",
            installHint: "install it with: gcloud components install gke-gcloud-auth-plugin",
            provideClusterInfo: true,
            interactiveMode: "Never",
          },
        },
      },
    ],
  });
}
