export interface GkeEndpoint {
  /** Name of the cluster, which the kubeconfig also uses for its context and its user. */
  name: string;
  /** Address of the API server, without a scheme. */
  endpoint: string;
  /** Certificate authority of the API server: PEM in base64. */
  caCertificate: string;
}

/**
 * Returns a kubeconfig without credentials: gke-gcloud-auth-plugin gets a token for the user who runs it.
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
