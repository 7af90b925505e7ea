import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { PORT } from "../../../runtime/contract/port.ts";
import type { Environment } from "../environment.ts";
import type { OnlineStore } from "./online-store.ts";
import { atLeast } from "../kubernetes/at-least.ts";
import type { FeatureStoreAccess } from "./feature-store-env.ts";
import { commonLabels, selectorLabels } from "../kubernetes/labels.ts";
import { podsOf, tcp } from "../kubernetes/network-rules.ts";
import { REDIS_PASSWORD_DIR, REDIS_PASSWORD_FILE, redisConfig } from "./redis-config.ts";
import { resources } from "../kubernetes/resources.ts";
import { serverPod, tcpProbes } from "../kubernetes/server-pod.ts";
import type { Registry } from "../registry/registry.ts";

export interface FeatureStoreArgs {
  /** Where the store runs. */
  environment: Environment;
  /** Environments whose pods read and write it: each gets the password as a Secret of its own. */
  clients: readonly Environment[];
  registry: Registry;
  /** Image whose entry point is `redis-server`. */
  image: pulumi.Input<string>;
  /** Memory for data in MiB; at least 64. When it is full, keys with the least time to live go first. @default 512 */
  maxMemoryMib?: number;
  /** Size of the volume in GiB; at least 1. @default 2 */
  storageGib?: number;
  /** Refuse to delete the volume. @default true */
  protect?: boolean;
}

/**
 * The online feature store: one Redis with a generated password and an append-only file on a volume.
 *
 * @example
 * const store = new FeatureStore("feature-store", { environment: platform, clients: [platform, staging], registry, image });
 */
export class FeatureStore extends pulumi.ComponentResource implements OnlineStore {
  /** In-cluster address, without the password. */
  readonly url: string;
  readonly inCluster = true;
  /** Peer of network policies: the pods of the store. */
  readonly peer: k8s.types.input.networking.v1.NetworkPolicyPeer;
  readonly egress: readonly k8s.types.input.networking.v1.NetworkPolicyEgressRule[];
  private readonly passwordSecrets = new Map<string, pulumi.Output<string>>();

  constructor(name: string, args: FeatureStoreArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:features:FeatureStore", name, {}, opts);
    const {
      environment,
      clients,
      registry,
      image,
      maxMemoryMib = 512,
      storageGib = 2,
      protect = true,
    } = args;
    atLeast(64, maxMemoryMib, `${name}: maxMemoryMib`);
    atLeast(1, storageGib, `${name}: storageGib`);
    const { namespace } = environment;
    const labels = commonLabels(name, "feature-store");
    const selector = selectorLabels(name, "feature-store");
    const child = { parent: this, deletedWith: environment.resource };
    this.url = `redis://${name}.${environment.name}.svc:${PORT.redis}`;
    this.peer = podsOf(environment.name, selector);
    this.egress = [{ to: [this.peer], ports: tcp(PORT.redis) }];

    const password = new random.RandomPassword(
      `${name}-password`,
      { length: 40, special: false },
      { parent: this, additionalSecretOutputs: ["result"] },
    );
    for (const client of clients) {
      const secret = new k8s.core.v1.Secret(
        `${name}-${client.name}-password`,
        {
          metadata: { namespace: client.namespace, labels },
          immutable: true,
          stringData: { password: password.result },
        },
        { parent: this, deletedWith: client.resource },
      );
      this.passwordSecrets.set(client.name, secret.metadata.name);
    }
    const serverPassword = new k8s.core.v1.Secret(
      `${name}-server-password`,
      {
        metadata: { namespace, labels },
        immutable: true,
        stringData: { [REDIS_PASSWORD_FILE]: pulumi.interpolate`requirepass ${password.result}\n` },
      },
      child,
    );
    const config = new k8s.core.v1.ConfigMap(
      `${name}-config`,
      {
        metadata: { namespace, labels },
        immutable: true,
        data: { "redis.conf": redisConfig({ maxMemoryMib }) },
      },
      child,
    );
    const volume = new k8s.core.v1.PersistentVolumeClaim(
      `${name}-data`,
      {
        // A class that binds at the first use leaves the claim pending until the pod below is there.
        metadata: {
          name: `${name}-data`,
          namespace,
          labels,
          annotations: { "pulumi.com/skipAwait": "true" },
        },
        spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: `${storageGib}Gi` } } },
      },
      { ...child, protect },
    );
    const account = new k8s.core.v1.ServiceAccount(
      `${name}-account`,
      { metadata: { name, namespace, labels }, automountServiceAccountToken: false },
      child,
    );
    const front = new k8s.core.v1.Service(
      `${name}-service`,
      {
        // The pods come after the service, so there is nothing to wait for.
        metadata: { name, namespace, labels, annotations: { "pulumi.com/skipAwait": "true" } },
        spec: { selector, ports: [{ name: "redis", port: PORT.redis, targetPort: "redis" }] },
      },
      child,
    );
    new k8s.networking.v1.NetworkPolicy(
      `${name}-ingress`,
      {
        metadata: { name: `${name}-ingress`, namespace, labels },
        spec: {
          podSelector: { matchLabels: selector },
          policyTypes: ["Ingress"],
          ingress: [{ from: clients.map((client) => podsOf(client.name)), ports: tcp(PORT.redis) }],
        },
      },
      child,
    );
    const pod = serverPod({
      name: "redis",
      image,
      args: ["/etc/redis/redis.conf"],
      port: { name: "redis", number: PORT.redis },
      registry: registry.accessFrom(environment),
      serviceAccount: account.metadata.name,
      resources: resources({
        cpuRequestMillis: 50,
        cpuLimitMillis: 1000,
        // Twice the data: rewriting the append-only file copies what changes meanwhile.
        memoryMib: 2 * maxMemoryMib,
        memoryRequestMib: Math.ceil(maxMemoryMib / 4),
      }),
      volumes: {
        "/etc/redis": { name: "config", configMap: { name: config.metadata.name } },
        [REDIS_PASSWORD_DIR]: {
          name: "password",
          secret: { secretName: serverPassword.metadata.name, defaultMode: 0o440 },
        },
        "/data": { name: "data", persistentVolumeClaim: { claimName: volume.metadata.name } },
      },
      probes: tcpProbes("redis"),
      terminationGracePeriodSeconds: 60,
    });
    new k8s.apps.v1.StatefulSet(
      `${name}-redis`,
      {
        metadata: { name, namespace, labels },
        spec: {
          serviceName: front.metadata.name,
          replicas: 1,
          selector: { matchLabels: selector },
          template: { metadata: { labels }, spec: pod },
        },
      },
      child,
    );
    this.registerOutputs({ url: this.url });
  }

  /** How the pods of an environment reach the store. Throws if it is not among `clients`. */
  accessFrom(environment: Environment): FeatureStoreAccess {
    const passwordSecret = this.passwordSecrets.get(environment.name);
    if (passwordSecret === undefined)
      throw new Error(
        `feature store: ${environment.name} must be one of its clients (${[...this.passwordSecrets.keys()].join(", ") || "none"}): add it to \`clients\``,
      );
    return { url: this.url, passwordSecret };
  }
}
