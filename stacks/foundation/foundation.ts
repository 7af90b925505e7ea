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

/** Which service account of the cluster needs what of the cloud. */
export interface IdentityRequest {
  /** Namespace of the service account. */
  namespace: string;
  serviceAccount: string;
  /** `read` pulls artifacts from the registry; `write` pushes too, and writes to the object storage. */
  access: "read" | "write";
}

export interface RegistryRequest {
  /** Base URL, as the stack's config says. */
  url: string;
  /** Text of a Docker `config.json`. @default - none: nodes and pods have an identity of their own */
  dockerConfig: string | undefined;
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

/** What a platform stands on: a cluster, and what its cloud adds. One per cloud, in the cloud's own terms. */
export interface Foundation {
  /** Everything in Kubernetes goes through it. */
  kubernetes: k8s.Provider;
  registry(request: RegistryRequest): Registry;
  /** What Prometheus has to scrape besides services; asked after the registry. @default none */
  exporters?(): readonly MetricsExporter[];
  /** Undefined where the cloud gives service accounts nothing. */
  identity(request: IdentityRequest): ServiceAccountIdentity | undefined;
  /** @default - the feature store runs in the cluster */
  redis?: ManagedRedis;
  /** Lets a service account read secrets of the stack's store. @default - the stack has no store */
  secrets?(request: SecretsRequest): SecretAccess;
  /** Serves a model outside of the cluster; asked after the registry. @default - the cloud has no such targets */
  target?(request: TargetRequest): ManagedTarget;
}

/** What a foundation on a cloud is made from. */
export interface CloudFoundationArgs<Cluster> {
  cluster: Cluster;
  cloud: CloudConfig;
  /** Targets that services of the stack name. @default none */
  targets?: readonly TargetKind[];
}
