import type { SecretRef } from "../../components/platform/secrets/secret-ref.ts";

type CloudStore = Exclude<SecretRef["store"], "vault">;

/** Store → function that returns the name in that store of a secret from `cloud.secrets`. */
const NAME_IN_STORE: Record<CloudStore, (prefix: string, secret: string) => string> = {
  "aws-secrets-manager": (prefix, secret) => `${prefix}/${secret}`,
  "gcp-secret-manager": (prefix, secret) => `${prefix}-${secret}`,
  "azure-key-vault": (_prefix, secret) => secret, // the vault belongs to the stack alone
};

/** Returns the name, in the store of its cloud, of a secret from `cloud.secrets`. */
export function nameInStore(store: CloudStore, prefix: string, secret: string): string {
  return NAME_IN_STORE[store](prefix, secret);
}

/** Returns the entry of `cloud.secrets` to which a reference points; undefined if the secret does not belong to the stack. */
export function ownSecret(
  { store, name }: SecretRef,
  { prefix, secrets }: { prefix: string; secrets: readonly string[] },
): string | undefined {
  if (store === "vault") return undefined;
  return secrets.find((secret) => nameInStore(store, prefix, secret) === name);
}
