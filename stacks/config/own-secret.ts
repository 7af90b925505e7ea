import type { SecretRef } from "../../components/platform/secrets/secret-ref.ts";

type StoreOfCloud = Exclude<SecretRef["store"], "vault">;

/** The name, in the store of its cloud, of a secret that `cloud.secrets` lists. */
const NAME_IN: Record<StoreOfCloud, (prefix: string, secret: string) => string> = {
  "aws-secrets-manager": (prefix, secret) => `${prefix}/${secret}`,
  "gcp-secret-manager": (prefix, secret) => `${prefix}-${secret}`,
  "azure-key-vault": (_prefix, secret) => secret, // the vault is the stack's own
};

export function nameInStore(store: StoreOfCloud, prefix: string, secret: string): string {
  return NAME_IN[store](prefix, secret);
}

/** The secret of `cloud.secrets` that a reference names; undefined where the secret is not the stack's own. */
export function ownSecret(
  { store, name }: SecretRef,
  { prefix, secrets }: { prefix: string; secrets: readonly string[] },
): string | undefined {
  if (store === "vault") return undefined;
  return secrets.find((secret) => nameInStore(store, prefix, secret) === name);
}
