/** Id of the Entra application of AKS API servers, the same in every tenant. @see https://azure.github.io/kubelogin/concepts/aks.html */
const AKS_SERVER_APPLICATION = "6dae42f8-4368-4678-94ff-3960e28e3630";

export interface AksKubeconfigOptions {
  /** Host name of the API server. */
  host: string;
  tenant: string;
  /** Certificate authority of the API server: PEM in base64. */
  authority: string | undefined;
}

/**
 * Returns a kubeconfig without credentials: kubelogin gets a token of Entra for the user who runs it, who must be in one of the
 * cluster's admin groups. It logs in with the Azure CLI; the variable `AAD_LOGIN_METHOD` selects another method.
 */
export function aksKubeconfig({ host, tenant, authority }: AksKubeconfigOptions): string {
  const login = ["--login", "azurecli", "--server-id", AKS_SERVER_APPLICATION, "--tenant-id", tenant];
  const exec = {
    apiVersion: "client.authentication.k8s.io/v1",
    command: "kubelogin",
    args: ["get-token", "--environment", "AzurePublicCloud", ...login],
    interactiveMode: "Never",
    provideClusterInfo: false,
    installHint: "install kubelogin: https://azure.github.io/kubelogin/install.html",
  };
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [
      {
        name: "aks",
        // Without an authority, the machine's own list of authorities applies, and the connection is refused.
        cluster: { server: `https://${host}:443`, "certificate-authority-data": authority },
      },
    ],
    users: [{ name: "entra", user: { exec } }],
    contexts: [{ name: "aks", context: { cluster: "aks", user: "entra" } }],
    "current-context": "aks",
  });
}

/** Reads the certificate authority from a kubeconfig as Azure returns it: YAML in base64. Undefined if it has none. */
export function authorityOf(kubeconfig: string | undefined): string | undefined {
  if (kubeconfig === undefined) return undefined;
  const text = Buffer.from(kubeconfig, "base64").toString("utf8");
  return /^\s*certificate-authority-data:\s*"?([A-Za-z0-9+/=]+)"?\s*$/m.exec(text)?.[1];
}
