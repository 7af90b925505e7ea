import type * as pulumi from "@pulumi/pulumi";
import type { Environment } from "../components/platform/environment.ts";
import type { MetricsExporter } from "../components/platform/monitoring/metrics-exporter.ts";
import { ExternalSecretsOperator } from "../components/platform/secrets/external-secrets-operator.ts";
import { ExternalSecrets } from "../components/platform/secrets/external-secrets.ts";
import type { SecretRef } from "../components/platform/secrets/secret-ref.ts";
import type { CloudConnection } from "./connection/connection.ts";
import { ownSecret } from "./config/own-secret.ts";
import type { CloudConfig } from "./config/schema/cloud.ts";
import { hasSecretsOperator } from "./config/secrets-operator.ts";
import type { StackConfig } from "./config/schema.ts";

export interface ExternalSecretsOptions {
  config: Pick<StackConfig, "cluster" | "cloud" | "secrets">;
  environments: readonly Environment[];
  connection: CloudConnection;
}

export interface StackSecrets {
  /** Returns the name of a Secret. If the stack creates its ExternalSecret, the name is known only after that. */
  nameOf(namespace: string, secret: string): pulumi.Input<string>;
  /** Metrics of the operator. */
  exporters: readonly MetricsExporter[];
}

/** Creates the ExternalSecrets of each namespace for which the config has secrets. */
export function createExternalSecrets(
  { config, environments, connection }: ExternalSecretsOptions,
  opts: pulumi.ComponentResourceOptions,
): StackSecrets {
  const { cluster, cloud } = config;
  const { namespaces, vault, refreshMinutes } = config.secrets;
  const withSecrets = environments.filter(({ name }) => Object.keys(namespaces[name] ?? {}).length > 0);
  const operator = hasSecretsOperator(config)
    ? new ExternalSecretsOperator(
        "external-secrets",
        {
          readers: withSecrets.map((environment) => ({
            environment,
            serviceAccount: accountOf(environment),
          })),
          registry: connection.registry,
          image: connection.registry.image("external-secrets"),
          storeUrls: vault === undefined ? [] : [vault.server],
          usesMetadataService: cluster.kind === "gke",
        },
        opts,
      )
    : undefined;
  const components = new Map(
    withSecrets.map((environment) => {
      const secrets = namespaces[environment.name] ?? {};
      const name = accountOf(environment);
      const names = ownSecretNames(
        Object.values(secrets).flatMap((keys) => Object.values(keys)),
        cloud,
      );
      const access =
        names.length === 0
          ? undefined
          : connection.secrets?.({ namespace: environment.name, serviceAccount: name, secrets: names });
      const stores = { ...access?.stores, ...(vault === undefined ? {} : { vault }) };
      const args = { environment, stores, secrets, operator, identity: access?.identity, refreshMinutes };
      return [environment.name, new ExternalSecrets(name, args, opts)];
    }),
  );
  return {
    nameOf: (namespace, secret) =>
      namespaces[namespace]?.[secret] === undefined
        ? secret
        : (components.get(namespace)?.secret(secret) ?? secret),
    exporters: operator?.metrics ?? [],
  };
}

/** Returns the service account that reads the secrets of an environment, which is also the name of its component. */
function accountOf({ name }: Environment): string {
  return `${name}-secrets`;
}

/** Returns the entries of `cloud.secrets` to which the references point, sorted and without duplicates. */
function ownSecretNames(refs: readonly SecretRef[], cloud: CloudConfig | undefined): string[] {
  if (cloud === undefined) return [];
  const names = refs.map((ref) => ownSecret(ref, cloud)).filter((name) => name !== undefined);
  return [...new Set(names)].sort();
}
