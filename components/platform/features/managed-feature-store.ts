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
  /** Host of the Redis: its primary endpoint, where it has replicas. */
  host: pulumi.Input<string>;
  /** It speaks TLS on this port; 1 to 65535. @default 6379 */
  port?: number;
  /** Its auth token or access key; kept as a secret. */
  password: pulumi.Input<string>;
  /** PEM of the authority that signed its certificate. @default - a public one, which Node knows */
  caCertificate?: pulumi.Input<string>;
  /** Environments whose pods read and write it: each gets the password as a Secret of its own. */
  clients: readonly Environment[];
  /**
   * Address ranges of the Redis, for network policies, which know no names; one or more.
   * @default - the private ranges: no managed Redis of ours has a public address
   * @see https://www.rfc-editor.org/rfc/rfc1918
   */
  cidrs?: readonly string[];
}

const PRIVATE_RANGES = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"];

/**
 * The online feature store on a Redis that the cloud runs: TLS always, its password and its authority's certificate in a
 * Secret of each client environment.
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
        { parent: this }, // not with the namespace, which does not know of the Redis that it is for
      );
      this.secrets.set(client.name, secret.metadata.name);
    }
    this.registerOutputs({ url: this.url });
  }

  /** The same for every role: not every cloud's Redis has users, see docs/feature-stores.md. */
  accessFrom(environment: Environment): FeatureStoreAccess {
    const passwordSecret = this.secrets.get(environment.name);
    if (passwordSecret === undefined)
      throw new Error(
        `feature store: ${environment.name} must be one of its clients (${[...this.secrets.keys()].join(", ") || "none"}): add it to \`clients\``,
      );
    return { url: this.url, passwordSecret, ...(this.hasCa ? { caSecret: passwordSecret } : {}) };
  }
}
