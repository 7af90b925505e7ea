import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Environment } from "../environment.ts";
import { atLeast } from "../kubernetes/at-least.ts";
import { deletedWith } from "../kubernetes/deleted-with.ts";
import { commonLabels } from "../kubernetes/labels.ts";
import type { ServiceAccountIdentity } from "../kubernetes/service-account-identity.ts";
import { secretRefSchema, toRemoteRef, type SecretRef, type SecretStoreKind } from "./secret-ref.ts";
import { vaultProvider, type VaultStore } from "./vault.ts";

/** How each store that is used is reached. */
export interface SecretStores {
  "aws-secrets-manager"?: { region: string };
  "gcp-secret-manager"?: { project: string };
  "azure-key-vault"?: { vaultUrl: pulumi.Input<string>; tenantId: string };
  vault?: VaultStore;
}

export interface ExternalSecretsArgs {
  /** Whose pods read the secrets. */
  environment: Environment;
  stores: SecretStores;
  /** Name of a Kubernetes Secret → its keys → where the value of each is. */
  secrets: Readonly<Record<string, Readonly<Record<string, SecretRef>>>>;
  /** Identity, in the cloud, of the service account that reads the stores. @default - none: Vault needs none */
  identity?: ServiceAccountIdentity;
  /** Minutes until a value that has changed is read again; at least 1. @default 60 */
  refreshMinutes?: number;
}

const API = "external-secrets.io/v1";

/**
 * Secrets of a cloud's store, or of Vault, as Kubernetes Secrets of one environment: a service account that may read them, a
 * SecretStore for each store, an ExternalSecret for each Secret. The External Secrets Operator, which has to be there, keeps them in
 * step; no value passes through Pulumi or its state.
 *
 * @example
 * const secrets = new ExternalSecrets("monitoring-secrets", {
 *   environment: monitoring,
 *   stores: { "aws-secrets-manager": { region: "eu-central-1" } },
 *   secrets: { "slack-webhook": { url: { store: "aws-secrets-manager", name: "slipway/prod/slack", key: "url" } } },
 * });
 */
export class ExternalSecrets extends pulumi.ComponentResource {
  /** Service account that reads the stores: an identity in the cloud is bound to it. */
  readonly serviceAccount: string;
  private readonly names = new Map<string, pulumi.Output<string>>();

  constructor(name: string, args: ExternalSecretsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:secrets:ExternalSecrets", name, {}, opts);
    const { environment, stores, secrets, identity, refreshMinutes = 60 } = args;
    atLeast(1, refreshMinutes, `${name}: refreshMinutes`);
    const kinds = checkedKinds(name, stores, secrets);
    const { namespace } = environment;
    const labels = commonLabels(name, "secrets");
    const inCluster = { identity, featureStore: { inCluster: true } };
    const child = { parent: this, ...deletedWith(environment.resource, inCluster) };
    this.serviceAccount = name;

    const account = new k8s.core.v1.ServiceAccount(
      `${name}-account`,
      {
        metadata: { name, namespace, labels, annotations: identity?.annotations },
        automountServiceAccountToken: false,
      },
      { ...child, dependsOn: identity?.resource ?? [] },
    );
    const secretStores = kinds.map(
      (kind) =>
        new k8s.apiextensions.CustomResource(
          `${name}-${kind}`,
          {
            apiVersion: API,
            kind: "SecretStore",
            metadata: { name: `${name}-${kind}`, namespace, labels },
            spec: { provider: providerOf(name, kind, stores) },
          },
          { ...child, dependsOn: account },
        ),
    );
    for (const [secret, keys] of Object.entries(secrets)) {
      const external = new k8s.apiextensions.CustomResource(
        `${name}-${secret}`,
        {
          apiVersion: API,
          kind: "ExternalSecret",
          metadata: { name: secret, namespace, labels },
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
        { ...child, dependsOn: secretStores },
      );
      this.names.set(secret, external.metadata.name);
    }
    this.registerOutputs({ serviceAccount: this.serviceAccount });
  }

  /** Name of a Secret, known once something is there that will fill it. Throws if it is not among `secrets`. */
  secret(name: string): pulumi.Output<string> {
    const found = this.names.get(name);
    if (found === undefined)
      throw new Error(
        `${this.serviceAccount}: ${name} must be one of its secrets (${[...this.names.keys()].join(", ") || "none"})`,
      );
    return found;
  }
}

/** The stores that are used, in one order. Throws for a reference that breaks a rule and for a store that is not configured. */
function checkedKinds(
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
        throw new Error(`${owner}: secrets.${secret}.${key}: stores.${ref.store} must say how to reach it`);
      kinds.add(ref.store);
    }
  }
  return [...kinds].sort();
}

/** @see https://external-secrets.io/latest/api/secretstore/ */
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
