import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { PORT } from "../../../runtime/contract/port.ts";
import type { Environment } from "../environment.ts";
import type { OnlineStore } from "./online-store.ts";
import { atLeast } from "../kubernetes/at-least.ts";
import { FEATURE_STORE_PASSWORD_KEY, type FeatureStoreAccess } from "./feature-store-env.ts";
import { commonLabels, selectorLabels } from "../kubernetes/labels.ts";
import { podsOf, tcp } from "../kubernetes/network-rules.ts";
import { REDIS_USERS_DIR, REDIS_USERS_FILE, redisConfig } from "./redis-config.ts";
import { redisUserName, redisUsers, type RedisUser, type StoreRole } from "./redis-users.ts";
import { resources } from "../kubernetes/resources.ts";
import { serverPod, tcpProbes } from "../kubernetes/server-pod.ts";
import type { Registry } from "../registry/registry.ts";

export interface FeatureStoreArgs {
  /** Where the store runs. */
  environment: Environment;
  /** Environments whose jobs write features. */
  trainers: readonly Environment[];
  /** Environments whose services read features and log predictions, and whose drift jobs read those logs. */
  servers: readonly Environment[];
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
 * The online feature store: one Redis with an append-only file on a volume. Each role in each environment has a user of its own, with a
 * generated password: a server of `staging` reads features and appends to the prediction logs of `staging`, and can do nothing else.
 *
 * @example
 * const store = new FeatureStore("feature-store", { environment: platform, trainers: [platform], servers: [staging], registry, image });
 */
export class FeatureStore extends pulumi.ComponentResource implements OnlineStore {
  /** In-cluster address, without the password. */
  readonly url: string;
  readonly inCluster = true;
  /** Peer of network policies: the pods of the store. */
  readonly peer: k8s.types.input.networking.v1.NetworkPolicyPeer;
  readonly egress: readonly k8s.types.input.networking.v1.NetworkPolicyEgressRule[];
  private readonly secrets = new Map<string, pulumi.Output<string>>();

  constructor(name: string, args: FeatureStoreArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:features:FeatureStore", name, {}, opts);
    const {
      environment,
      trainers,
      servers,
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

    const users = [
      ...trainers.map((client) => ({ client, role: "training" as const })),
      ...servers.map((client) => ({ client, role: "server" as const })),
      ...servers.map((client) => ({ client, role: "drift" as const })),
    ].map(({ client, role }) => this.addUser(name, client, role));
    const usersSecret = new k8s.core.v1.Secret(
      `${name}-users`,
      {
        metadata: { namespace, labels },
        immutable: true,
        stringData: { [REDIS_USERS_FILE]: pulumi.all(users).apply(redisUsers) },
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
          ingress: [
            { from: [...trainers, ...servers].map((client) => podsOf(client.name)), ports: tcp(PORT.redis) },
          ],
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
        [REDIS_USERS_DIR]: {
          name: "users",
          secret: { secretName: usersSecret.metadata.name, defaultMode: 0o440 },
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

  /** How the pods of an environment reach the store in a role. Throws if the environment has no user for that. */
  accessFrom(environment: Environment, role: StoreRole): FeatureStoreAccess {
    const username = redisUserName({ environment: environment.name, role });
    const passwordSecret = this.secrets.get(username);
    if (passwordSecret === undefined)
      throw new Error(
        `feature store: ${environment.name} must have a user for ${role} (users: ${[...this.secrets.keys()].join(", ") || "none"}): add it to \`${role === "training" ? "trainers" : "servers"}\``,
      );
    return { url: this.url, username, passwordSecret };
  }

  /** Generates a user's password and puts it into a Secret of its environment. */
  private addUser(name: string, client: Environment, role: StoreRole): pulumi.Output<RedisUser> {
    const username = redisUserName({ environment: client.name, role });
    const { result: password } = new random.RandomPassword(
      `${name}-${username}`,
      { length: 40, special: false },
      { parent: this, additionalSecretOutputs: ["result"] },
    );
    const secret = new k8s.core.v1.Secret(
      `${name}-${username}-password`,
      {
        metadata: { namespace: client.namespace, labels: commonLabels(name, "feature-store") },
        immutable: true,
        stringData: { [FEATURE_STORE_PASSWORD_KEY]: password },
      },
      { parent: this, deletedWith: client.resource },
    );
    this.secrets.set(username, secret.metadata.name);
    return password.apply((value): RedisUser => ({ environment: client.name, role, password: value }));
  }
}
