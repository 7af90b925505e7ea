import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import { PORT } from "../../runtime/contract/port.ts";
import { atLeast, within } from "../platform/kubernetes/at-least.ts";
import {
  checkAccountId,
  checkMembers,
  type GcpRuntimeArgs,
  type ReadableRepository,
} from "./managed-container.ts";
import { checkScale, imageByDigest, managedEnv } from "../platform/serving/managed-runtime.ts";
import { checkTraffic } from "../platform/serving/managed-variants.ts";
import { servingAccount } from "./serving-account.ts";

export interface CloudRunTraffic {
  /** Name of an existing revision. @default - the one that is being deployed */
  revision?: string;
  /** Share of all requests, in percent. */
  weight: number;
  /** Gives the revision a URL of its own, for tests. @default none */
  tag?: string;
}

export interface CloudRunInferenceArgs extends GcpRuntimeArgs {
  project: pulumi.Input<string>;
  /** Such as `europe-west3`. */
  region: string;
  /** Runtime image in Artifact Registry, by digest. */
  image: pulumi.Input<string>;
  /** `<repository>@sha256:<64 hex digits>` */
  model: string;
  /** Repositories of Artifact Registry that hold models. */
  repositories: readonly ReadableRepository[];
  /** Name of the service. @default - the component's name */
  serviceName?: string;
  /** Id of its service account: 6 to 30 characters. @default - serviceName */
  accountId?: string;
  /** Suffix of the new revision's name, `<serviceName>-<revision>`. @default - Cloud Run generates one */
  revision?: string;
  /** Shares of the requests, which must total 100. @default - all requests to the new revision */
  traffic?: readonly CloudRunTraffic[];
  /** IAM members that may call the service, such as `serviceAccount:gate@project.iam.gserviceaccount.com`. @default none */
  invokers?: readonly string[];
  /** Encrypts the copy of the image that Cloud Run keeps. @default - Google's key */
  kmsKeyName?: pulumi.Input<string>;
  /** Network and subnetwork through which the service reaches private addresses. @default - no VPC */
  vpc?: { network: pulumi.Input<string>; subnetwork: pulumi.Input<string> };
  /** Number of vCPUs. @default 1 */
  cpu?: number;
  /** Memory of an instance; at least 512. @default 1024 */
  memoryMib?: number;
  /** Requests that one instance answers at the same time. @default 16 */
  concurrency?: number;
  /** Seconds that one request may take, 1 to 3600. @default 30 */
  timeoutSeconds?: number;
  /** Instances kept running. @default 0: the first request waits for the model */
  minInstances?: number;
  /** Instances at most. @default 20 */
  maxInstances?: number;
  /** Target that the server is told to serve for. @default "cloud-run" */
  target?: "cloud-run" | "cloud-functions";
  /** Labels of all resources that take labels. @default none */
  labels?: Record<string, string>;
}

/**
 * Serves one model as a Cloud Run service. Only the given IAM members can call it, and only from the project's networks. Its
 * service account can only read models. Requests are split between revisions by percent.
 *
 * @see https://cloud.google.com/run/docs/rollouts-rollbacks-traffic-migration
 * @example
 * new CloudRunInference("pushback", {
 *   project: "acme-ml", region: "europe-west3", environment: "production", service: "pushback", image, registryUrl,
 *   repositories: [{ location: "europe-west3", name: "slipway" }], model: "flight-delays/pushback/model@sha256:…", revision: "v8",
 *   traffic: [{ revision: "pushback-v7", weight: 90 }, { weight: 10 }],
 * });
 */
export class CloudRunInference extends pulumi.ComponentResource {
  readonly serviceName: pulumi.Output<string>;
  readonly url: pulumi.Output<string>;
  /** Name of the latest deployed revision. */
  readonly revision: pulumi.Output<string>;
  /** Service account of the service. */
  readonly serviceAccountEmail: pulumi.Output<string>;

  constructor(name: string, args: CloudRunInferenceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:serverless:CloudRunInference", name, {}, opts);
    const { project, region, model, repositories, revision, invokers = [], vpc, labels } = args;
    const {
      serviceName = name,
      accountId = serviceName,
      kmsKeyName,
      target = "cloud-run",
      featureStore,
    } = args;
    const { cpu = 1, memoryMib = 1024, concurrency = 16, timeoutSeconds = 30 } = args;
    const { minInstances = 0, maxInstances = 20, traffic = [{ weight: 100 }] } = args;
    checkAccountId(name, accountId);
    checkMembers(name, invokers);
    checkScale(name, minInstances, maxInstances, 0);
    atLeast(1, cpu, `${name}: cpu`);
    atLeast(512, memoryMib, `${name}: memoryMib`);
    within(1, 1000, concurrency, `${name}: concurrency`);
    within(1, 3600, timeoutSeconds, `${name}: timeoutSeconds`);
    checkTraffic(
      traffic.map(({ revision: name = LATEST, weight }) => ({ name, weight })),
      { field: `${name}: traffic` },
    );
    const child = { parent: this };

    const { account, reads } = servingAccount(
      name,
      { project, accountId, displayName: `Serves ${serviceName}`, repositories },
      child,
    );
    const secret =
      featureStore &&
      new gcp.secretmanager.SecretIamMember(
        `${name}-password`,
        {
          project,
          secretId: featureStore.passwordSecret,
          role: "roles/secretmanager.secretAccessor",
          member: account.member,
        },
        child,
      );
    const { featureStore: _replaced, ...runtime } = args;
    const env = managedEnv(name, target, model, {
      ...runtime,
      env: {
        ...args.env,
        ...(featureStore && { SLIPWAY_FEATURE_STORE_URL: featureStore.url }),
        ...(featureStore?.caCertificate && { SLIPWAY_FEATURE_STORE_CA: featureStore.caCertificate }),
      },
    });
    const service = new gcp.cloudrunv2.Service(
      `${name}-service`,
      {
        project,
        location: region,
        name: serviceName,
        ingress: "INGRESS_TRAFFIC_INTERNAL_ONLY",
        invokerIamDisabled: false,
        deletionProtection: false, // the service holds no data
        labels,
        template: {
          revision: revision === undefined ? undefined : `${serviceName}-${revision}`,
          serviceAccount: account.email,
          executionEnvironment: "EXECUTION_ENVIRONMENT_GEN2",
          encryptionKey: kmsKeyName,
          timeout: `${timeoutSeconds}s`,
          maxInstanceRequestConcurrency: concurrency,
          scaling: { minInstanceCount: minInstances, maxInstanceCount: maxInstances },
          vpcAccess: vpc && { networkInterfaces: [vpc], egress: "PRIVATE_RANGES_ONLY" },
          labels,
          containers: [
            {
              image: imageByDigest(name, args.image),
              args: ["serve"],
              ports: { containerPort: PORT.inference },
              envs: [
                ...Object.entries(env).map(([key, value]) => ({ name: key, value })),
                ...(featureStore === undefined
                  ? []
                  : [
                      {
                        name: "SLIPWAY_FEATURE_STORE_PASSWORD",
                        valueSource: {
                          secretKeyRef: { secret: featureStore.passwordSecret, version: "latest" },
                        },
                      },
                    ]),
              ],
              resources: {
                limits: { cpu: String(cpu), memory: `${memoryMib}Mi` },
                // The server writes the prediction log after the answer, which needs CPU between requests.
                cpuIdle: featureStore === undefined,
                startupCpuBoost: true,
              },
              startupProbe: {
                httpGet: { path: "/v2/health/ready", port: PORT.inference },
                periodSeconds: 2,
                timeoutSeconds: 1,
                failureThreshold: 60,
              },
              livenessProbe: {
                httpGet: { path: "/v2/health/live", port: PORT.inference },
                periodSeconds: 10,
                timeoutSeconds: 5,
                failureThreshold: 3,
              },
            },
          ],
        },
        traffics: traffic.map(({ revision: name, weight, tag }) => ({
          type: `TRAFFIC_TARGET_ALLOCATION_TYPE_${name === undefined ? "LATEST" : "REVISION"}`,
          revision: name,
          percent: weight,
          tag,
        })),
      },
      { ...child, dependsOn: secret === undefined ? reads : [...reads, secret] },
    );
    invokers.forEach((member, index) => {
      new gcp.cloudrunv2.ServiceIamMember(
        `${name}-invoker-${index}`,
        { project, location: region, name: service.name, role: "roles/run.invoker", member },
        { ...child, deletedWith: service },
      );
    });
    this.serviceName = service.name;
    this.url = service.uri;
    this.revision = service.latestCreatedRevision;
    this.serviceAccountEmail = account.email;
    this.registerOutputs({ url: this.url, serviceAccountEmail: this.serviceAccountEmail });
  }
}

/** Name of the revision that is being deployed in error messages. */
const LATEST = "(latest)";
