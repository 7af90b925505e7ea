import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { DEFAULT_PACKAGE_INDEX, SOURCE_SECRETS_FOLDER } from "../../../runtime/contract/env.ts";
import { toUrl } from "../kubernetes/network-rules.ts";
import type { EnvValue } from "../kubernetes/runtime-container.ts";

/** How the job `fetch` reaches the sources of workloads. */
export interface SourceAccess {
  /** Base URL of the Python package index. @default "https://pypi.org/simple" */
  packageIndex?: string;
  /** URL of the HTTP proxy through which the job downloads. @default - no proxy */
  proxy?: string;
  /** PEM certificates, in base64, of authorities that sign the certificate of the index or the proxy. @default - the public ones */
  caBundle?: string;
  /** URLs of servers besides the index, of which the host and the port count, such as `postgresql://db.example.com:5432`. @default - none */
  endpoints?: readonly string[];
  /** Names of Secrets of the namespace that sources may name as their credentials. @default - none */
  secrets?: readonly string[];
}

/** What the pods of the job `fetch` have more than those of other jobs. */
export interface SourcePod {
  env: Record<string, EnvValue>;
  /** Volumes by mount path. */
  mounts: Record<string, k8s.types.input.core.v1.Volume>;
}

const CA_DIR = "/run/slipway/ca";
const CA_FILE = "ca.crt";
/** Hosts that no request reaches through a proxy: the metadata service, which gives tokens of the cloud. */
const NEVER_PROXIED = "169.254.169.254";

/**
 * Creates the NetworkPolicy by which the pods of the job `fetch`, and no other pods, reach the package index and the endpoints, and the ConfigMap with its
 * certificates if there are any. Returns the settings of the pods.
 */
export function createSourceAccess(
  name: string,
  { packageIndex, proxy, caBundle, endpoints = [], secrets = [] }: SourceAccess,
  {
    metadata,
    podLabels,
    registryUrl,
  }: {
    metadata: { namespace: pulumi.Input<string>; labels: Record<string, string> };
    podLabels: Record<string, string>;
    registryUrl: string;
  },
  opts: pulumi.ComponentResourceOptions,
): SourcePod {
  new k8s.networking.v1.NetworkPolicy(
    `${name}-fetch-egress`,
    {
      metadata: { ...metadata, name: `${name}-fetch-egress` },
      spec: {
        podSelector: { matchLabels: podLabels },
        policyTypes: ["Egress"],
        egress: [proxy ?? packageIndex ?? DEFAULT_PACKAGE_INDEX, ...endpoints].map(toUrl),
      },
    },
    opts,
  );
  const env: Record<string, EnvValue> = {
    ...(packageIndex === undefined ? {} : { SLIPWAY_PACKAGE_INDEX: packageIndex }),
    ...(proxy === undefined ? {} : proxyEnv(proxy, registryUrl)),
  };
  const mounts = Object.fromEntries(
    secrets.map((secret) => [`${SOURCE_SECRETS_FOLDER}/${secret}`, secretVolume(secret)]),
  );
  if (caBundle === undefined) return { env, mounts };
  const authorities = new k8s.core.v1.ConfigMap(
    `${name}-source-ca`,
    {
      metadata: { ...metadata, name: `${name}-source-ca` },
      data: { [CA_FILE]: Buffer.from(caBundle, "base64").toString("utf8") },
    },
    opts,
  );
  return {
    env: { ...env, NODE_EXTRA_CA_CERTS: `${CA_DIR}/${CA_FILE}` },
    mounts: { ...mounts, [CA_DIR]: { name: "source-ca", configMap: { name: authorities.metadata.name } } },
  };
}

/** A Secret that is missing stops no other source: the job names it if its own source needs it. */
function secretVolume(secret: string): k8s.types.input.core.v1.Volume {
  return {
    name: `source-secret-${secret}`,
    secret: { secretName: secret, defaultMode: 0o440, optional: true },
  };
}

/** Returns the variables by which Node sends requests through a proxy, except those to the registry. */
function proxyEnv(proxy: string, registryUrl: string): Record<string, string> {
  return {
    NODE_USE_ENV_PROXY: "1",
    HTTPS_PROXY: proxy,
    HTTP_PROXY: proxy,
    NO_PROXY: `${new URL(registryUrl).hostname},${NEVER_PROXIED}`,
  };
}
