import type { SecretRef } from "../../../components/platform/secrets/secret-ref.ts";
import { nearestName } from "../../../runtime/contract/issues/nearest-name.ts";
import { nameInStore, ownSecret } from "../own-secret.ts";
import type { CloudConfig } from "./cloud.ts";
import type { ClusterConfig } from "./cluster.ts";
import type { Refuse } from "./refuse.ts";
import type { SecretsConfig } from "./secrets.ts";

/** Kind of a managed cluster → secret store of its cloud. */
const STORE_OF_CLUSTER = {
  eks: "aws-secrets-manager",
  gke: "gcp-secret-manager",
  aks: "azure-key-vault",
} as const;

/** The parts of the config that a reference must fit. */
interface FittedConfig {
  cluster: ClusterConfig;
  cloud?: CloudConfig | undefined;
  secrets: SecretsConfig;
  alerts: { receiver: string; slackUrlSecret?: string | undefined };
}

/** Key of the Secret in which Alertmanager looks for the URL of the webhook. */
const WEBHOOK_KEY = "url";

/**
 * Refuses a reference to a secret that the stack cannot let pods read. Allowed are secrets of the stack itself, for which the stack grants
 * access, and secrets of Vault, which controls access itself.
 */
export function fitSecrets(
  { cluster, cloud, secrets, alerts }: FittedConfig,
  namespaces: readonly string[],
  refuse: Refuse,
): void {
  const webhook = secrets.namespaces["monitoring"]?.[alerts.slackUrlSecret ?? ""];
  if (webhook !== undefined && !(WEBHOOK_KEY in webhook))
    refuse(
      ["secrets", "namespaces", "monitoring", alerts.slackUrlSecret ?? ""],
      `must have the key ${WEBHOOK_KEY}, because alerts.slackUrlSecret names this Secret`,
    );
  const store = cluster.kind === "existing" ? undefined : STORE_OF_CLUSTER[cluster.kind];
  for (const [namespace, namespaceSecrets] of Object.entries(secrets.namespaces)) {
    if (!namespaces.includes(namespace))
      refuse(
        ["secrets", "namespaces", namespace],
        `must be a namespace of the stack (${namespaces.join(", ")})`,
        nearestFix(namespace, namespaces),
      );
    for (const [secret, keys] of Object.entries(namespaceSecrets))
      for (const [key, ref] of Object.entries(keys)) {
        const path = ["secrets", "namespaces", namespace, secret, key];
        if (ref.store === "vault") {
          if (secrets.vault === undefined)
            refuse([...path, "store"], "must not be vault unless secrets.vault is set");
        } else if (ref.store !== store)
          refuse(
            [...path, "store"],
            store === undefined
              ? "must be vault if cluster.kind is existing: such a stack has no cloud"
              : `must be ${store} or vault if cluster.kind is ${cluster.kind}`,
          );
        else if (cloud !== undefined && ownSecret(ref, cloud) === undefined) {
          const own = cloud.secrets.map((name) => nameInStore(store, cloud.prefix, name));
          const renamed = sameButPrefix(ref.name, cloud, store);
          refuse(
            [...path, "name"],
            `must be a secret of the stack (${own.join(", ") || "there are none"})${renamed === undefined ? ": add it to cloud.secrets" : ""}`,
            renamed === undefined ? nearestFix(ref.name, own) : `did you mean ${renamed}?`,
          );
        }
      }
  }
}

/** Returns the stack's secret from which `name` differs only by the prefix, as after a change of `cloud.prefix`. */
function sameButPrefix(
  name: string,
  { prefix, secrets }: CloudConfig,
  store: Exclude<SecretRef["store"], "vault">,
): string | undefined {
  const secret = secrets.find((each) => {
    const unprefixed = nameInStore(store, "", each); // such as /slack-webhook; the vault of Azure has no prefix
    return unprefixed !== each && name.endsWith(unprefixed);
  });
  return secret === undefined ? undefined : nameInStore(store, prefix, secret);
}

function nearestFix(name: string, known: readonly string[]): string | undefined {
  const near = nearestName(name, known);
  return near === undefined ? undefined : `did you mean ${near}?`;
}
