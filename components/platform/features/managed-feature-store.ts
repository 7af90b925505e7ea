import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Environment } from "../environment.ts";
import { within } from "../kubernetes/at-least.ts";
import type { FeatureStoreAccess } from "./feature-store-env.ts";
import { FEATURE_STORE_CA_KEY, FEATURE_STORE_PASSWORD_KEY } from "./feature-store-env.ts";
import { commonLabels } from "../kubernetes/labels.ts";
import { tcp } from "../kubernetes/network-rules.ts";
import type { OnlineStore } from "./online-store.ts";

export interface ManagedFeatureStoreArgs {
  /** Host of the Redis. If it has replicas, the host of its primary endpoint. */
  host: pulumi.Input<string>;
  /** Port on which the Redis speaks TLS; 1 to 65535. @default 6379 */
  port?: number;
  /** Auth token or access key of the Redis; kept as a secret. */
  password: pulumi.Input<string>;
  /** PEM certificate of the authority that signed the certificate of the Redis. @default - a public one, which Node knows */
  caCertificate?: pulumi.Input<string>;
  /** Environments whose pods read and write features. Each gets its own Secret with the password. */
  clients: readonly Environment[];
  /**
   * Address ranges of the Redis for network policies, which cannot contain host names; one or more.
   * @default - the private ranges: no managed Redis of ours has a public address
   * @see https://www.rfc-editor.org/rfc/rfc1918
   */
  cidrs?: readonly string[];
}

const PRIVATE_RANGES = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"];

/**
 * The online feature store on a Redis that the cloud manages. Connections always use TLS. Each client environment gets a Secret with the
 * password and the certificate of the authority.
 *
 * @example
 * const store = new ManagedFeatureStore("feature-store", { ...connected.redis, clients: [platform, staging] });
 */
export class ManagedFeatureStore extends pulumi.ComponentResource implements OnlineStore {
  readonly url: pulumi.Output<string>;
  readonly inCluster = false;
  readonly egress: readonly k8s.types.input.networking.v1.NetworkPolicyEgressRule[];
  private readonly secrets = new Map<string, pulumi.Output<string>>();
  private readonly hasCa: boolean;

  constructor(name: string, args: ManagedFeatureStoreArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:features:ManagedFeatureStore", name, {}, opts);
    const { host, port = 6379, password, caCertificate, clients, cidrs = PRIVATE_RANGES } = args;
    within(1, 65535, port, `${name}: port`);
    if (cidrs.length === 0)
      throw new Error(
        `${name}: cidrs must name one range or more, got none; leave it out for the private ranges`,
      );
    this.url = pulumi.interpolate`rediss://${host}:${port}`;
    this.egress = [{ to: cidrs.map((cidr) => ({ ipBlock: { cidr } })), ports: tcp(port) }];
    this.hasCa = caCertificate !== undefined;
    for (const client of clients) {
      const secret = new k8s.core.v1.Secret(
        `${name}-${client.name}-access`,
        {
          metadata: { namespace: client.namespace, labels: commonLabels(name, "feature-store") },
          immutable: true,
          stringData: {
            [FEATURE_STORE_PASSWORD_KEY]: pulumi.secret(password),
            ...(caCertificate === undefined ? {} : { [FEATURE_STORE_CA_KEY]: caCertificate }),
          },
        },
        // Without `deletedWith`, Pulumi deletes the Secret itself, before the Redis that its password comes from.
        { parent: this },
      );
      this.secrets.set(client.name, secret.metadata.name);
    }
    this.registerOutputs({ url: this.url });
  }

  /** Returns the same access for every role: not every cloud's Redis has users (docs/feature-stores.md). */
  accessFrom(environment: Environment): FeatureStoreAccess {
    const passwordSecret = this.secrets.get(environment.name);
    if (passwordSecret === undefined)
      throw new Error(
        `feature store: ${environment.name} must be one of its clients (${[...this.secrets.keys()].join(", ") || "none"}): add it to \`clients\``,
      );
    return { url: this.url, passwordSecret, ...(this.hasCa ? { caSecret: passwordSecret } : {}) };
  }
}
