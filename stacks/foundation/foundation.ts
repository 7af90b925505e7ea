import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { Environment } from "../../components/platform/environment.ts";
import type { ImagesLock } from "../../components/platform/registry/images-lock.ts";
import type { MetricsExporter } from "../../components/platform/monitoring/metrics-exporter.ts";
import type { ServiceAccountIdentity } from "../../components/platform/kubernetes/service-account-identity.ts";
import type { Registry } from "../../components/platform/registry/registry.ts";
import type { CloudConfig } from "../config/schema/cloud.ts";
import type { TargetKind } from "../config/schema/target.ts";
import type { SecretAccess, SecretsRequest } from "./secret-access.ts";
import type { ManagedTarget, TargetRequest } from "./targets/managed-target.ts";

/** Asks for rights in the cloud for a service account of the cluster. */
export interface IdentityRequest {
  /** Namespace of the service account. */
  namespace: string;
  serviceAccount: string;
  /** `read` pulls artifacts from the registry; `write` pushes too, and writes to the object storage. */
  access: "read" | "write";
}

/** What the stack brings to the cluster: known once its environments are there. */
export interface ConnectRequest {
  /** Base URL of the registry, as the stack's config says. */
  url: string;
  /** Text of a Docker `config.json`. @default - none: nodes and pods have an identity of their own */
  dockerConfig: string | undefined;
  /** The same for an account that may only read. @default - `dockerConfig` */
  readDockerConfig?: string | undefined;
  images: ImagesLock;
  environments: readonly Environment[];
  /** Repositories of artifacts that jobs push to, such as `flight-delays/pushback/model`. */
  repositories: readonly string[];
}

/** A managed Redis, for the feature store. */
export interface ManagedRedis {
  host: pulumi.Output<string>;
  /** It speaks TLS on this port. */
  port: number;
  /** A secret. */
  password: pulumi.Output<string>;
  /** PEM of the authority that signed its certificate. @default - a public one */
  caCertificate?: pulumi.Output<string>;
}

/** A cluster that the platform stands on, before anything runs in it. One for each cloud, in the cloud's own terms. */
export interface Foundation {
  /** Everything in Kubernetes goes through it. */
  kubernetes: k8s.Provider;
  /** Makes the registry and what the platform needs of the cloud besides. Called once. */
  connect(request: ConnectRequest): Connected;
}

/** What the platform uses of its cloud. */
export interface Connected {
  registry: Registry;
  /** What Prometheus scrapes besides services. */
  exporters: readonly MetricsExporter[];
  /** Undefined where the cloud gives service accounts nothing. */
  identity(request: IdentityRequest): ServiceAccountIdentity | undefined;
  /** @default - the feature store runs in the cluster */
  redis?: ManagedRedis | undefined;
  /** Lets a service account read secrets of the stack's store. @default - the stack has no store */
  secrets?: ((request: SecretsRequest) => SecretAccess) | undefined;
  /** Serves a model outside of the cluster. @default - the cloud has no such targets */
  target?: ((request: TargetRequest) => ManagedTarget) | undefined;
}

/** What a foundation on a cloud is made from. */
export interface CloudFoundationArgs<Cluster> {
  cluster: Cluster;
  cloud: CloudConfig;
  /** Targets that services of the stack name. @default none */
  targets?: readonly TargetKind[];
}
