import type * as pulumi from "@pulumi/pulumi";
import type { Environment } from "../components/platform/environment.ts";
import { ExternalSecrets } from "../components/platform/secrets/external-secrets.ts";
import type { SecretRef } from "../components/platform/secrets/secret-ref.ts";
import type { CloudConnection } from "./connection/connection.ts";
import { ownSecret } from "./config/own-secret.ts";
import type { CloudConfig } from "./config/schema/cloud.ts";
import type { SecretsConfig } from "./config/schema/secrets.ts";

export interface ExternalSecretsOptions {
  config: SecretsConfig;
  cloud: CloudConfig | undefined;
  environments: readonly Environment[];
  connection: CloudConnection;
}

export interface StackSecrets {
  /** Returns the name of a Secret. If the stack creates its ExternalSecret, the name is known only after that. */
  nameOf(namespace: string, secret: string): pulumi.Input<string>;
}

/** Creates the ExternalSecrets of each namespace for which the config has secrets. */
export function createExternalSecrets(
  { config, cloud, environments, connection }: ExternalSecretsOptions,
  opts: pulumi.ComponentResourceOptions,
): StackSecrets {
  const { namespaces, vault, refreshMinutes } = config;
  const withSecrets = environments.filter(({ name }) => Object.keys(namespaces[name] ?? {}).length > 0);
  const components = new Map(
    withSecrets.map((environment) => {
      const secrets = namespaces[environment.name] ?? {};
      const name = `${environment.name}-secrets`;
      const names = ownSecretNames(
        Object.values(secrets).flatMap((keys) => Object.values(keys)),
        cloud,
      );
      const access =
        names.length === 0
          ? undefined
          : connection.secrets?.({ namespace: environment.name, serviceAccount: name, secrets: names });
      const stores = { ...access?.stores, ...(vault === undefined ? {} : { vault }) };
      const args = { environment, stores, secrets, identity: access?.identity, refreshMinutes };
      return [environment.name, new ExternalSecrets(name, args, opts)];
    }),
  );
  return {
    nameOf: (namespace, secret) =>
      namespaces[namespace]?.[secret] === undefined
        ? secret
        : (components.get(namespace)?.secret(secret) ?? secret),
  };
}

/** Returns the entries of `cloud.secrets` to which the references point, sorted and without duplicates. */
function ownSecretNames(refs: readonly SecretRef[], cloud: CloudConfig | undefined): string[] {
  if (cloud === undefined) return [];
  const names = refs.map((ref) => ownSecret(ref, cloud)).filter((name) => name !== undefined);
  return [...new Set(names)].sort();
}
