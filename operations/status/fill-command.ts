import type { SecretsConfig } from "../../stacks/config/schema/secrets.ts";

type StoreKind = SecretsConfig["namespaces"][string][string][string]["store"];

/** Store → command that fills a secret. */
const FILL_COMMANDS: Record<StoreKind, (name: string) => string> = {
  "aws-secrets-manager": (name) =>
    `aws secretsmanager put-secret-value --secret-id ${name} --secret-string VALUE`,
  "gcp-secret-manager": (name) => `printf %s VALUE | gcloud secrets versions add ${name} --data-file=-`,
  "azure-key-vault": (name) => `az keyvault secret set --vault-name VAULT --name ${name} --value VALUE`,
  vault: (name) => `write ${name} in Vault`,
};

/**
 * Returns what fills a secret.
 *
 * @param secretStore - name of a SecretStore, which ends with the kind of the store. Of another name, no command is known
 * @param name - name of the secret in that store
 */
export function fillCommand(secretStore: string, name: string): string {
  const command = Object.entries(FILL_COMMANDS).find(([kind]) => secretStore.endsWith(`-${kind}`))?.[1];
  return command?.(name) ?? `fill ${name} in its store`;
}
