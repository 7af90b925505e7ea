import type * as pulumi from "@pulumi/pulumi";
import type { Environment } from "../components/platform/environment.ts";
import { ExternalSecrets } from "../components/platform/secrets/external-secrets.ts";
import type { SecretRef } from "../components/platform/secrets/secret-ref.ts";
import type { Connected } from "./foundation/foundation.ts";
import { ownSecret } from "./config/own-secret.ts";
import type { CloudConfig } from "./config/schema/cloud.ts";
import type { SecretsConfig } from "./config/schema/secrets.ts";

export interface ExternalSecretsOptions {
  config: SecretsConfig;
  cloud: CloudConfig | undefined;
  environments: readonly Environment[];
  connected: Connected;
}

export interface StackSecrets {
  /** Name of a Secret: of one that the stack fills it is known once that is there; any other is as given. */
  nameOf(namespace: string, secret: string): pulumi.Input<string>;
}

/** The Secrets of each namespace for which the config has any. */
export function externalSecrets(
  { config, cloud, environments, connected }: ExternalSecretsOptions,
  opts: pulumi.ComponentResourceOptions,
): StackSecrets {
  const { namespaces, vault, refreshMinutes } = config;
  const wanted = environments.filter(({ name }) => Object.keys(namespaces[name] ?? {}).length > 0);
  const made = new Map(
    wanted.map((environment) => {
      const secrets = namespaces[environment.name] ?? {};
      const name = `${environment.name}-secrets`;
      const own = ownSecrets(
        Object.values(secrets).flatMap((keys) => Object.values(keys)),
        cloud,
      );
      const access =
        own.length === 0
          ? undefined
          : connected.secrets?.({ namespace: environment.name, serviceAccount: name, secrets: own });
      const stores = { ...access?.stores, ...(vault === undefined ? {} : { vault }) };
      const args = { environment, stores, secrets, identity: access?.identity, refreshMinutes };
      return [environment.name, new ExternalSecrets(name, args, opts)];
    }),
  );
  return {
    nameOf: (namespace, secret) =>
      namespaces[namespace]?.[secret] === undefined
        ? secret
        : (made.get(namespace)?.secret(secret) ?? secret),
  };
}

function ownSecrets(refs: readonly SecretRef[], cloud: CloudConfig | undefined): string[] {
  if (cloud === undefined) return [];
  const own = refs.map((ref) => ownSecret(ref, cloud)).filter((name) => name !== undefined);
  return [...new Set(own)].sort();
}
