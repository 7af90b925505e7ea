import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import { atLeast, within } from "../platform/kubernetes/at-least.ts";
import type { GcpKey } from "./key.ts";
import type { GcpNetwork } from "./network.ts";

export interface MemorystoreArgs {
  project: pulumi.Input<string>;
  region: string;
  /** Network with `managedServices`. */
  network: GcpNetwork;
  /** Encrypts the snapshots; its users must include Memorystore. */
  key: GcpKey;
  /** Memory for data; at least 1, and at least 5 with more than one replica. When it is full, Redis evicts the keys with the shortest time to live. @default 1 */
  memoryGib?: number;
  /** Replicas in other zones, one of which takes over when the primary fails; between 1 and 5. @default 1 */
  replicas?: number;
  /** Refuse to delete it. @default true */
  protect?: boolean;
}

/** Port on which Memorystore accepts TLS. */
export const MEMORYSTORE_PORT = 6378;
/** Smaller instances have at most one replica. @see https://cloud.google.com/memorystore/docs/redis/about-read-replicas */
const READ_REPLICAS_MIN_GIB = 5;

/**
 * Memorystore for Redis with a replica in another zone, TLS, a password, and snapshots encrypted with the given key. It has
 * only a private address.
 *
 * @example
 * const redis = new Memorystore("redis", { project: project.id, region, network, key, memoryGib: 5, replicas: 2 });
 */
export class Memorystore extends pulumi.ComponentResource {
  /** Address in the network. */
  readonly host: pulumi.Output<string>;
  /** Port for TLS connections. */
  readonly port = MEMORYSTORE_PORT;
  /** Password of Redis; a Pulumi secret. */
  readonly password: pulumi.Output<string>;
  /** PEM of the certificate authorities of the server: two of them during a rotation. */
  readonly caCertificate: pulumi.Output<string>;

  constructor(name: string, args: MemorystoreArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:redis:Memorystore", name, {}, opts);
    const { project, region, network, key, memoryGib = 1, replicas = 1, protect = true } = args;
    within(1, 5, replicas, `${name}: replicas`);
    atLeast(1, memoryGib, `${name}: memoryGib`);
    if (replicas > 1 && memoryGib < READ_REPLICAS_MIN_GIB)
      throw new Error(
        `${name}: memoryGib must be at least ${READ_REPLICAS_MIN_GIB} for ${replicas} replicas, got ${memoryGib}; ` +
          `raise it, or set replicas to 1`,
      );
    if (network.managedServicesNetwork === undefined)
      throw new Error(`${name}: network must be peered with managed services; give it managedServices`);
    const instance = new gcp.redis.Instance(
      `${name}-instance`,
      {
        project,
        region,
        tier: "STANDARD_HA",
        redisVersion: "REDIS_7_2",
        memorySizeGb: memoryGib,
        replicaCount: replicas,
        readReplicasMode: replicas > 1 ? "READ_REPLICAS_ENABLED" : "READ_REPLICAS_DISABLED",
        connectMode: "PRIVATE_SERVICE_ACCESS",
        authorizedNetwork: network.managedServicesNetwork,
        transitEncryptionMode: "SERVER_AUTHENTICATION",
        authEnabled: true,
        customerManagedKey: key.keyName,
        persistenceConfig: { persistenceMode: "RDB", rdbSnapshotPeriod: "TWELVE_HOURS" },
        redisConfigs: { "maxmemory-policy": "volatile-ttl" },
        maintenancePolicy: {
          weeklyMaintenanceWindows: [{ day: "SUNDAY", startTime: { hours: 3 } }],
        },
        deletionProtection: protect,
      },
      { parent: this, protect, additionalSecretOutputs: ["authString"] },
    );
    this.host = instance.host;
    this.password = pulumi.secret(instance.authString);
    this.caCertificate = instance.serverCaCerts.apply((certificates) =>
      certificates.map(({ cert }) => `${cert.trim()}\n`).join(""),
    );
    this.registerOutputs({ host: this.host });
  }
}
