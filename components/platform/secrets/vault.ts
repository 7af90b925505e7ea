/** HashiCorp Vault or OpenBao, with the Kubernetes auth method and a KV engine of version 2. */
export interface VaultStore {
  /** Address with https, such as `https://vault.example.com:8200`. */
  server: string;
  /** Role of the auth method. It must be bound to the reading service account and its namespace. */
  role: string;
  /** Mount path of the KV engine. @default secret */
  mount?: string;
  /** Mount path of the auth method. @default kubernetes */
  authMount?: string;
  /** Namespace of Vault Enterprise. @default - none */
  namespace?: string;
  /** PEM certificate, in base64, of the authority that signed the certificate of Vault. @default - a public one */
  caBundle?: string;
}

/**
 * Returns the provider of a SecretStore for Vault. Throws if the server is not an https address; `owner` is the component.
 * @see https://external-secrets.io/latest/provider/hashicorp-vault/
 */
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
