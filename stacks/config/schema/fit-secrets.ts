import { nearestName } from "../nearest-name.ts";
import { nameInStore, ownSecret } from "../own-secret.ts";
import type { CloudConfig } from "./cloud.ts";
import type { ClusterConfig } from "./cluster.ts";
import type { Refuse } from "./refuse.ts";
import type { SecretsConfig } from "./secrets.ts";

const STORE_OF = {
  eks: "aws-secrets-manager",
  gke: "gcp-secret-manager",
  aks: "azure-key-vault",
} as const;

interface Whole {
  cluster: ClusterConfig;
  cloud?: CloudConfig | undefined;
  secrets: SecretsConfig;
  alerts: { receiver: string; slackUrlSecret?: string | undefined };
}

/** Key under which Alertmanager looks for the webhook's URL. */
const WEBHOOK_KEY = "url";

/**
 * A reference leads to a secret of the stack itself, which the stack may give its readers access to, or to Vault, which
 * decides for itself.
 */
export function fitSecrets(
  { cluster, cloud, secrets, alerts }: Whole,
  namespaces: readonly string[],
  refuse: Refuse,
): void {
  const webhook = secrets.namespaces["monitoring"]?.[alerts.slackUrlSecret ?? ""];
  if (webhook !== undefined && !(WEBHOOK_KEY in webhook))
    refuse(
      ["secrets", "namespaces", "monitoring", alerts.slackUrlSecret ?? ""],
      `must have the key ${WEBHOOK_KEY}, as alerts.slackUrlSecret names it`,
    );
  const store = cluster.kind === "existing" ? undefined : STORE_OF[cluster.kind];
  for (const [namespace, ofNamespace] of Object.entries(secrets.namespaces)) {
    if (!namespaces.includes(namespace))
      refuse(
        ["secrets", "namespaces", namespace],
        `must be a namespace of the stack (${namespaces.join(", ")})`,
        nearestFix(namespace, namespaces),
      );
    for (const [secret, keys] of Object.entries(ofNamespace))
      for (const [key, ref] of Object.entries(keys)) {
        const path = ["secrets", "namespaces", namespace, secret, key];
        if (ref.store === "vault") {
          if (secrets.vault === undefined)
            refuse([...path, "store"], "must not be vault unless secrets.vault says how to reach it");
        } else if (ref.store !== store)
          refuse(
            [...path, "store"],
            store === undefined
              ? "must be vault where cluster.kind is existing: nothing is known of a cloud then"
              : `must be ${store} or vault where cluster.kind is ${cluster.kind}`,
          );
        else if (cloud !== undefined && ownSecret(ref, cloud) === undefined) {
          const own = cloud.secrets.map((name) => nameInStore(store, cloud.prefix, name));
          refuse(
            [...path, "name"],
            `must be a secret of the stack (${own.join(", ") || "there are none"}): add it to cloud.secrets`,
            nearestFix(ref.name, own),
          );
        }
      }
  }
}

function nearestFix(name: string, known: readonly string[]): string | undefined {
  const near = nearestName(name, known);
  return near === undefined ? undefined : `did you mean ${near}?`;
}
