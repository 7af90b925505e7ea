import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Environment } from "../environment.ts";
import { atLeast } from "../kubernetes/at-least.ts";
import { commonLabels } from "../kubernetes/labels.ts";
import { createPodIdentity } from "../kubernetes/pod-identity.ts";
import type { ServiceAccountIdentity } from "../kubernetes/service-account-identity.ts";
import { EXTERNAL_SECRETS_API } from "./external-secrets-definitions.ts";
import type { ExternalSecretsOperator } from "./external-secrets-operator.ts";
import { secretRefSchema, toRemoteRef, type SecretRef, type SecretStoreKind } from "./secret-ref.ts";
import { vaultProvider, type VaultStore } from "./vault.ts";

/** The address of each secret store. */
export interface SecretStores {
  "aws-secrets-manager"?: { region: string };
  "gcp-secret-manager"?: { project: string };
  "azure-key-vault"?: { vaultUrl: pulumi.Input<string>; tenantId: string };
  vault?: VaultStore;
}

export interface ExternalSecretsArgs {
  /** Environment whose pods read the secrets. */
  environment: Environment;
  /** Every store that `secrets` refer to. */
  stores: SecretStores;
  /** Name of a Kubernetes Secret → key in it → reference of the value. */
  secrets: Readonly<Record<string, Readonly<Record<string, SecretRef>>>>;
  /** The operator that creates the Secrets. @default - one that the cluster has already */
  operator?: ExternalSecretsOperator;
  /** Cloud identity of the service account that reads the stores. @default - none: Vault needs none */
  identity?: ServiceAccountIdentity;
  /** Minutes between reads of the stores; at least 1. @default 60 */
  refreshMinutes?: number;
}

/**
 * Copies secrets of a cloud's store, or of Vault, into Kubernetes Secrets of one environment: creates a service account that may read
 * them, a SecretStore for each store and an ExternalSecret for each Secret. The External Secrets Operator creates the Secrets and
 * keeps them up to date. A secret without a value is not an error: its Secret comes when somebody has filled it. No value passes
 * through Pulumi or its state.
 *
 * @example
 * const secrets = new ExternalSecrets("monitoring-secrets", {
 *   environment: monitoring,
 *   stores: { "aws-secrets-manager": { region: "eu-central-1" } },
 *   secrets: { "slack-webhook": { url: { store: "aws-secrets-manager", name: "slipway/prod/slack", key: "url" } } },
 * });
 */
export class ExternalSecrets extends pulumi.ComponentResource {
  /** Service account that reads the stores. The cloud identity is bound to it. */
  readonly serviceAccount: string;
  private readonly names = new Map<string, pulumi.Output<string>>();

  constructor(name: string, args: ExternalSecretsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:secrets:ExternalSecrets", name, {}, opts);
    const { environment, stores, secrets, operator, identity, refreshMinutes = 60 } = args;
    atLeast(1, refreshMinutes, `${name}: refreshMinutes`);
    const kinds = usedStores(name, stores, secrets);
    const { namespace } = environment;
    const labels = commonLabels(name, "secrets");
    this.serviceAccount = name;

    const metadata = { namespace, labels };
    const { account, podOptions } = createPodIdentity(
      name,
      { environment, identity },
      { ...metadata, name },
      this,
    );
    // The controller removes a finalizer from each ExternalSecret, so those cannot be left to the deletion of their namespace.
    const customOptions = operator === undefined ? podOptions : { parent: this };
    const needed = operator?.neededBy(environment) ?? [];
    const secretStores = kinds.map(
      (kind) =>
        new k8s.apiextensions.CustomResource(
          `${name}-${kind}`,
          {
            apiVersion: EXTERNAL_SECRETS_API,
            kind: "SecretStore",
            metadata: { ...metadata, name: `${name}-${kind}` },
            spec: { provider: providerOf(name, kind, stores) },
          },
          { ...customOptions, dependsOn: [...needed, account] },
        ),
    );
    for (const [secret, keys] of Object.entries(secrets)) {
      const external = new k8s.apiextensions.CustomResource(
        `${name}-${secret}`,
        {
          apiVersion: EXTERNAL_SECRETS_API,
          kind: "ExternalSecret",
          metadata: { ...metadata, name: secret },
          spec: {
            refreshInterval: `${refreshMinutes}m0s`,
            target: { name: secret, creationPolicy: "Owner", deletionPolicy: "Retain" },
            data: Object.entries(keys).map(([secretKey, ref]) => ({
              secretKey,
              sourceRef: { storeRef: { kind: "SecretStore", name: `${name}-${ref.store}` } },
              remoteRef: toRemoteRef(ref),
            })),
          },
        },
        { ...customOptions, dependsOn: [...needed, ...secretStores] },
      );
      this.names.set(secret, external.metadata.name);
    }
    this.registerOutputs({ serviceAccount: this.serviceAccount });
  }

  /** Returns the name of a Secret, which is known when its ExternalSecret exists. Throws if it is not in `secrets`. */
  secret(name: string): pulumi.Output<string> {
    const found = this.names.get(name);
    if (found === undefined)
      throw new Error(
        `${this.serviceAccount}: ${name} must be one of its secrets (${[...this.names.keys()].join(", ") || "none"})`,
      );
    return found;
  }
}

/** Returns the kinds of the stores in use, sorted. Throws for a reference that breaks a rule, and for a store that is not configured. */
function usedStores(
  owner: string,
  stores: SecretStores,
  secrets: ExternalSecretsArgs["secrets"],
): SecretStoreKind[] {
  const kinds = new Set<SecretStoreKind>();
  for (const [secret, keys] of Object.entries(secrets)) {
    if (Object.keys(keys).length === 0)
      throw new Error(`${owner}: secrets.${secret} must have one key or more`);
    for (const [key, ref] of Object.entries(keys)) {
      const parsed = secretRefSchema.safeParse(ref);
      const issue = parsed.error?.issues[0];
      if (issue !== undefined)
        throw new Error(`${owner}: secrets.${secret}.${key}.${issue.path.join(".")}: ${issue.message}`);
      if (stores[ref.store] === undefined)
        throw new Error(`${owner}: secrets.${secret}.${key}: stores.${ref.store} must be set`);
      kinds.add(ref.store);
    }
  }
  return [...kinds].sort();
}

/**
 * Returns the provider of a SecretStore.
 * @see https://external-secrets.io/latest/api/secretstore/
 */
function providerOf(account: string, kind: SecretStoreKind, stores: SecretStores): object {
  const serviceAccountRef = { name: account };
  switch (kind) {
    case "aws-secrets-manager": {
      const region = stores[kind]?.region;
      return { aws: { service: "SecretsManager", region, auth: { jwt: { serviceAccountRef } } } };
    }
    case "gcp-secret-manager": {
      const projectID = stores[kind]?.project;
      return { gcpsm: { projectID, auth: { workloadIdentity: { serviceAccountRef } } } };
    }
    case "azure-key-vault": {
      const { vaultUrl, tenantId } = stores[kind]!;
      return { azurekv: { authType: "WorkloadIdentity", vaultUrl, tenantId, serviceAccountRef } };
    }
    case "vault":
      return vaultProvider(stores[kind]!, serviceAccountRef, account);
  }
}
