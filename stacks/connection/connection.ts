import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { Environment } from "../../components/platform/environment.ts";
import type { GpuType } from "../../components/platform/kubernetes/gpu-types.ts";
import type { ImagesLock } from "../../components/platform/registry/images-lock.ts";
import type { MetricsExporter } from "../../components/platform/monitoring/metrics-exporter.ts";
import type { ServiceAccountIdentity } from "../../components/platform/kubernetes/service-account-identity.ts";
import type { Registry } from "../../components/platform/registry/registry.ts";
import type { CloudConfig } from "../config/schema/cloud.ts";
import type { CreateGateway } from "./gateway-request.ts";
import type { SecretAccess, SecretsRequest } from "./secret-access.ts";
import type { ManagedTarget, TargetRequest } from "./targets/managed-target.ts";

/** Request for a cloud identity of a service account. */
export interface IdentityRequest {
  /** Namespace of the service account. */
  namespace: string;
  serviceAccount: string;
  /** `read` may pull artifacts from the registry; `write` may also push artifacts and write to the object storage. */
  access: "read" | "write";
}

/** Values that a connection needs after the environments of the stack are created. */
export interface ConnectRequest {
  /** Base URL of the registry. */
  url: string;
  /** Text of a Docker `config.json`. @default - none: nodes and pods have their own identities */
  dockerConfig: string | undefined;
  /** `config.json` of an account that may only read. @default - `dockerConfig` */
  readDockerConfig?: string | undefined;
  images: ImagesLock;
  environments: readonly Environment[];
  /** Repositories to which jobs push artifacts, such as `flight-delays/pushback/model`. */
  repositories: readonly string[];
}

/** A managed Redis, for the feature store. */
export interface ManagedRedis {
  host: pulumi.Output<string>;
  /** Port on which the Redis speaks TLS. */
  port: number;
  /** Auth token or access key, a secret. */
  password: pulumi.Output<string>;
  /** PEM certificate of the authority that signed the certificate of the Redis. @default - a public one */
  caCertificate?: pulumi.Output<string>;
}

/** The cluster on which the platform runs. Each cloud has its own implementation. */
export interface Connection {
  /** Provider of all Kubernetes objects. */
  kubernetes: k8s.Provider;
  /** Creates the repositories of artifacts and the other cloud resources that the platform needs. Call it once. */
  connect(request: ConnectRequest): CloudConnection;
}

/** Resources of the cloud that the platform uses. */
export interface CloudConnection {
  registry: Registry;
  /** Exporters that Prometheus scrapes in addition to the services. */
  exporters: readonly MetricsExporter[];
  /** Labels of the nodes that can mount volumes. @default - all nodes can */
  volumeNodes?: Readonly<Record<string, string>> | undefined;
  /** Returns labels of nodes with a type of GPU. @default - the label that the GPU pools of all clouds have */
  gpuNodes?: ((type: GpuType) => Readonly<Record<string, string>>) | undefined;
  /** Creates a cloud identity for a service account. Returns undefined if the service account needs none. */
  identity(request: IdentityRequest): ServiceAccountIdentity | undefined;
  /** A managed Redis for the feature store. @default - the feature store runs in the cluster */
  redis?: ManagedRedis | undefined;
  /** Lets a service account read secrets of the stack's secret store. @default - the stack has no such store */
  secrets?: ((request: SecretsRequest) => SecretAccess) | undefined;
  /** Creates the gateway of an environment. @default - the cluster can have none */
  gateway?: CreateGateway | undefined;
  /** Creates a service outside of the cluster. @default - there is no cloud */
  target?: ((request: TargetRequest) => ManagedTarget) | undefined;
}

/** Arguments of the connection to a foundation. */
export interface CloudConnectionArgs<Cluster, Foundation> {
  /** Config of the foundation. */
  cluster: Cluster;
  cloud: CloudConfig;
  /** Outputs of the foundation's stack. */
  foundation: Foundation;
  /** Seconds that an `up` waits after it has created a grant that is used at once. @default - the component's */
  grantSeconds?: number | undefined;
}
