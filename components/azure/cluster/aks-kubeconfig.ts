/** Application that stands for the API servers of AKS in Entra, in every tenant. @see https://azure.github.io/kubelogin/concepts/aks.html */
const AKS_SERVER_APPLICATION = "6dae42f8-4368-4678-94ff-3960e28e3630";

export interface AksKubeconfigOptions {
  /** Host of the API server. */
  host: string;
  tenant: string;
  /** Certificate of the API server's authority, PEM in base64. */
  authority: string | undefined;
}

/**
 * A kubeconfig without a credential: kubelogin asks Entra for a token of whoever runs it, who has to be in one of the
 * cluster's admin groups. `AAD_LOGIN_METHOD` chooses another way to log in than the Azure CLI's.
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
        // Without an authority nothing is trusted but what the machine trusts, which never signs an API server.
        cluster: { server: `https://${host}:443`, "certificate-authority-data": authority },
      },
    ],
    users: [{ name: "entra", user: { exec } }],
    contexts: [{ name: "aks", context: { cluster: "aks", user: "entra" } }],
    "current-context": "aks",
  });
}

/** The certificate authority in a kubeconfig that is base64 of YAML, as Azure hands them out; undefined where there is none. */
export function authorityOf(kubeconfig: string | undefined): string | undefined {
  if (kubeconfig === undefined) return undefined;
  const text = Buffer.from(kubeconfig, "base64").toString("utf8");
  return /^\s*certificate-authority-data:\s*"?([A-Za-z0-9+/=]+)"?\s*$/m.exec(text)?.[1];
}
