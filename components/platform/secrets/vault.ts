/** HashiCorp Vault, or OpenBao, with the Kubernetes auth method and a KV engine of version 2. */
export interface VaultStore {
  /** Such as `https://vault.example.com:8200`: https always. */
  server: string;
  /** Role of the auth method, bound to the service account and the namespace of the reader. */
  role: string;
  /** Where the KV engine is mounted. @default secret */
  mount?: string;
  /** Where the auth method is mounted. @default kubernetes */
  authMount?: string;
  /** Namespace of Vault Enterprise. @default - none */
  namespace?: string;
  /** PEM of the authority that signed its certificate, in base64. @default - a public one */
  caBundle?: string;
}

/** @see https://external-secrets.io/latest/provider/hashicorp-vault/ */
export function vaultProvider(vault: VaultStore, serviceAccount: { name: string }, owner: string): object {
  const { server, role, mount = "secret", authMount = "kubernetes", namespace, caBundle } = vault;
  if (!URL.canParse(server) || new URL(server).protocol !== "https:")
    throw new Error(`${owner}: stores.vault.server must be an https address, got ${server}`);
  return {
    vault: {
      server,
      path: mount,
      version: "v2",
      ...(namespace === undefined ? {} : { namespace }),
      ...(caBundle === undefined ? {} : { caBundle }),
      auth: { kubernetes: { mountPath: authMount, role, serviceAccountRef: serviceAccount } },
    },
  };
}
