import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { PORT } from "../../../runtime/contract/port.ts";
import type { Environment } from "../environment.ts";
import type { OnlineStore } from "./online-store.ts";
import { atLeast } from "../kubernetes/at-least.ts";
import { FEATURE_STORE_PASSWORD_KEY, type FeatureStoreAccess } from "./feature-store-env.ts";
import { commonLabels, selectorLabels, SKIP_AWAIT } from "../kubernetes/labels.ts";
import { podsOf, tcp } from "../kubernetes/network-rules.ts";
import { REDIS_USERS_FILE, redisConfig } from "./redis-config.ts";
import { redisPod } from "./redis-pod.ts";
import { redisUserName, redisUsers, type RedisUser, type StoreRole } from "./redis-users.ts";
import type { Registry } from "../registry/registry.ts";

export interface FeatureStoreArgs {
  /** Environment in which the store runs. */
  environment: Environment;
  /** Environments whose jobs write features. */
  trainers: readonly Environment[];
  /** Environments whose services read features and log predictions, and whose drift jobs read those logs. */
  servers: readonly Environment[];
  registry: Registry;
  /** Image whose entry point is `redis-server`. */
  image: pulumi.Input<string>;
  /** Memory for data in MiB; at least 64. When it is full, the keys that expire first are evicted. @default 512 */
  maxMemoryMib?: number;
  /** Size of the volume in GiB; at least 1. @default 2 */
  storageGib?: number;
  /** Labels of the nodes that can mount the volume. @default - all nodes can */
  volumeNodes?: Readonly<Record<string, string>>;
  /** Whether Pulumi refuses to delete the volume. @default true */
  protect?: boolean;
}

interface Metadata {
  namespace: pulumi.Input<string>;
  labels: Record<string, string>;
}

/**
 * The online feature store: one Redis with an append-only file on a volume. Each role in each environment has its own user with a
 * generated password. For example, a server of `staging` may read features and append to the prediction logs of `staging`, and nothing else.
 *
 * @example
 * const store = new FeatureStore("feature-store", { environment: platform, trainers: [platform], servers: [staging], registry, image });
 */
export class FeatureStore extends pulumi.ComponentResource implements OnlineStore {
  /** URL within the cluster, without the password. */
  readonly url: string;
  readonly inCluster = true;
  /** The pods of the store, as a peer of network policies. */
  readonly peer: k8s.types.input.networking.v1.NetworkPolicyPeer;
  readonly egress: readonly k8s.types.input.networking.v1.NetworkPolicyEgressRule[];
  private readonly secrets = new Map<string, pulumi.Output<string>>();

  constructor(name: string, args: FeatureStoreArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:features:FeatureStore", name, {}, opts);
    const { environment, registry, image, maxMemoryMib = 512, storageGib = 2, protect = true } = args;
    atLeast(64, maxMemoryMib, `${name}: maxMemoryMib`);
    atLeast(1, storageGib, `${name}: storageGib`);
    const { namespace } = environment;
    const labels = commonLabels(name, "feature-store");
    const selector = selectorLabels(name, "feature-store");
    const childOptions = { parent: this, deletedWith: environment.resource };
    this.url = `redis://${name}.${environment.name}.svc:${PORT.redis}`;
    this.peer = podsOf(environment.name, selector);
    this.egress = [{ to: [this.peer], ports: tcp(PORT.redis) }];

    const usersSecret = this.createUsers(name, args, { namespace, labels });
    const config = new k8s.core.v1.ConfigMap(
      `${name}-config`,
      {
        metadata: { namespace, labels },
        immutable: true,
        data: { "redis.conf": redisConfig({ maxMemoryMib }) },
      },
      childOptions,
    );
    const volume = new k8s.core.v1.PersistentVolumeClaim(
      `${name}-data`,
      {
        // Some storage classes bind a claim only when the pod below uses it.
        metadata: {
          name: `${name}-data`,
          namespace,
          labels,
          annotations: SKIP_AWAIT,
        },
        spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: `${storageGib}Gi` } } },
      },
      { ...childOptions, protect },
    );
    const account = new k8s.core.v1.ServiceAccount(
      `${name}-account`,
      { metadata: { name, namespace, labels }, automountServiceAccountToken: false },
      childOptions,
    );
    const service = new k8s.core.v1.Service(
      `${name}-service`,
      {
        // The Service has no endpoints to wait for before the pods below.
        metadata: { name, namespace, labels, annotations: SKIP_AWAIT },
        spec: { selector, ports: [{ name: "redis", port: PORT.redis, targetPort: "redis" }] },
      },
      childOptions,
    );
    this.admitClients(name, args, { namespace, labels }, selector);
    const pod = redisPod({
      image,
      registry: registry.accessFrom(environment),
      serviceAccount: account.metadata.name,
      configMap: config.metadata.name,
      usersSecret: usersSecret.metadata.name,
      volumeClaim: volume.metadata.name,
      maxMemoryMib,
      nodeSelector: args.volumeNodes,
    });
    new k8s.apps.v1.StatefulSet(
      `${name}-redis`,
      {
        metadata: { name, namespace, labels },
        spec: {
          serviceName: service.metadata.name,
          replicas: 1,
          selector: { matchLabels: selector },
          template: { metadata: { labels }, spec: pod },
        },
      },
      childOptions,
    );
    this.registerOutputs({ url: this.url });
  }

  /** Returns how the pods of an environment connect in a role. Throws if the environment has no user for that role. */
  accessFrom(environment: Environment, role: StoreRole): FeatureStoreAccess {
    const username = redisUserName({ environment: environment.name, role });
    const passwordSecret = this.secrets.get(username);
    if (passwordSecret === undefined)
      throw new Error(
        `feature store: ${environment.name} must have a user for ${role} (users: ${[...this.secrets.keys()].join(", ") || "none"}): add it to \`${role === "training" ? "trainers" : "servers"}\``,
      );
    return { url: this.url, username, passwordSecret };
  }

  /** Creates a user for each role of each client, and the Secret with the users that Redis reads. */
  private createUsers(
    name: string,
    { environment, trainers, servers }: FeatureStoreArgs,
    metadata: Metadata,
  ): k8s.core.v1.Secret {
    const users = [
      ...trainers.map((client) => ({ client, role: "training" as const })),
      ...servers.map((client) => ({ client, role: "server" as const })),
      ...servers.map((client) => ({ client, role: "drift" as const })),
    ].map(({ client, role }) => this.addUser(name, client, role));
    return new k8s.core.v1.Secret(
      `${name}-users`,
      {
        metadata,
        immutable: true,
        stringData: { [REDIS_USERS_FILE]: pulumi.all(users).apply(redisUsers) },
      },
      { parent: this, deletedWith: environment.resource },
    );
  }

  /** Lets the pods of the clients' environments connect to Redis, and no others. */
  private admitClients(
    name: string,
    { environment, trainers, servers }: FeatureStoreArgs,
    metadata: Metadata,
    selector: Record<string, string>,
  ): void {
    const clients = [...trainers, ...servers].map((client) => podsOf(client.name));
    new k8s.networking.v1.NetworkPolicy(
      `${name}-ingress`,
      {
        metadata: { ...metadata, name: `${name}-ingress` },
        spec: {
          podSelector: { matchLabels: selector },
          policyTypes: ["Ingress"],
          ingress: [{ from: clients, ports: tcp(PORT.redis) }],
        },
      },
      { parent: this, deletedWith: environment.resource },
    );
  }

  /** Generates the password of a user and stores it in a Secret of the user's environment. */
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
