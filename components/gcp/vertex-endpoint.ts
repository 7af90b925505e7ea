import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import { within } from "../platform/kubernetes/at-least.ts";
import { checkAccountId, checkMembers, type ReadableRepository } from "./managed-container.ts";
import {
  checkScale,
  imageByDigest,
  managedEnv,
  type ManagedRuntimeArgs,
} from "../platform/serving/managed-runtime.ts";
import { checkTraffic } from "../platform/serving/managed-variants.ts";
import { deployedModelId, vertexDeployment, type VertexDeployment } from "./managed-vertex.ts";
import { servingAccount } from "./serving-account.ts";

export interface VertexVariant {
  /** Unique. */
  name: string;
  /** `<repository>@sha256:<64 hex digits>` */
  model: string;
  /** Of all requests, in percent. */
  weight: number;
  /** @default "n2-standard-2" */
  machineType?: string;
  /** Replicas kept running; at least 1. @default 2, so that one may fail */
  minInstances?: number;
  /** Replicas at most. @default - minInstances: it does not scale */
  maxInstances?: number;
}

export interface VertexEndpointArgs extends Omit<ManagedRuntimeArgs, "featureStore"> {
  project: pulumi.Input<string>;
  /** Number of the project, by which its Vertex AI has an identity. */
  projectNumber: pulumi.Input<string>;
  /** Such as `europe-west3`. */
  region: string;
  /** Name of the endpoint: a number of 1 to 10 digits. */
  endpointId: string;
  /** Runtime image in Artifact Registry, by digest. */
  image: pulumi.Input<string>;
  /** The models and their shares of the requests, which total 100. */
  variants: readonly VertexVariant[];
  /** Whether the models of all variants with a weight are deployed, so that requests may be split. Vertex AI refuses shares of models that are not there. @default false */
  live?: boolean;
  /** Repositories of Artifact Registry that hold models. */
  repositories: readonly ReadableRepository[];
  /** `projects/…/cryptoKeys/…` in the same region; encrypts the endpoint and its models. */
  kmsKeyName: pulumi.Input<string>;
  /** Name of the containers' service account: 6 to 30 characters. @default - the component's name */
  accountId?: string;
  /** Projects whose networks may reach the endpoint, through Private Service Connect. @default - its own project */
  consumerProjects?: pulumi.Input<string>[];
  /** Members that may ask for predictions. @default none */
  invokers?: readonly string[];
  /** Keeps a share of requests and answers in BigQuery, for drift. @default none */
  requestLog?: { outputUri: pulumi.Input<string>; percent: number };
  /** On everything that takes labels. @default none */
  labels?: Record<string, string>;
}

/**
 * An endpoint of Vertex AI, reached through Private Service Connect, its service account, and the split of requests
 * between deployed models. No resource of @pulumi/gcp 9 uploads a model of one's own or deploys it: output `deployments` has
 * the two calls for each variant, ready to be sent; the split follows once `live` says that they were.
 *
 * @see https://cloud.google.com/vertex-ai/docs/predictions/custom-container-requirements
 */
export class VertexEndpoint extends pulumi.ComponentResource {
  /** `projects/…/locations/…/endpoints/…` */
  readonly endpoint: pulumi.Output<string>;
  /** Who the containers are. */
  readonly serviceAccountEmail: pulumi.Output<string>;
  /** Calls that put each variant's model on the endpoint. */
  readonly deployments: pulumi.Output<VertexDeployment[]>;

  constructor(name: string, args: VertexEndpointArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:managed:VertexEndpoint", name, {}, opts);
    const { project, projectNumber, region, endpointId, variants, repositories, kmsKeyName } = args;
    const {
      live = false,
      accountId = name,
      consumerProjects = [project],
      invokers = [],
      requestLog,
      labels,
    } = args;
    checkTraffic(variants, { field: `${name}: variants` });
    checkAccountId(name, accountId);
    checkMembers(name, invokers);
    if (!/^[1-9]\d{0,9}$/.test(endpointId))
      throw new Error(
        `${name}: endpointId must be a number of 1 to 10 digits, got ${JSON.stringify(endpointId)}`,
      );
    if (requestLog !== undefined) within(0, 100, requestLog.percent, `${name}: requestLog.percent`);
    const image = imageByDigest(name, args.image);
    const child = { parent: this };

    const { account } = servingAccount(
      name,
      { project, accountId, displayName: `Serves ${name}`, repositories },
      child,
    );
    const keyUse = new gcp.kms.CryptoKeyIAMMember(
      `${name}-key`,
      {
        cryptoKeyId: kmsKeyName,
        role: "roles/cloudkms.cryptoKeyEncrypterDecrypter",
        member: pulumi.interpolate`serviceAccount:service-${projectNumber}@gcp-sa-aiplatform.iam.gserviceaccount.com`,
      },
      child,
    );
    const ids = variants.map(({ name: variant, model }) => deployedModelId(name, variant, model));
    const split = Object.fromEntries(
      variants.flatMap(({ weight }, i) => (weight === 0 ? [] : [[ids[i] ?? "", weight]])),
    );
    const endpoint = new gcp.vertex.AiEndpoint(
      `${name}-endpoint`,
      {
        project,
        location: region,
        region,
        name: endpointId,
        displayName: name,
        labels,
        encryptionSpec: { kmsKeyName },
        privateServiceConnectConfig: {
          enablePrivateServiceConnect: true,
          projectAllowlists: consumerProjects,
        },
        predictRequestResponseLoggingConfig: requestLog && {
          enabled: true,
          samplingRate: requestLog.percent / 100,
          bigqueryDestination: { outputUri: requestLog.outputUri },
        },
        trafficSplit: live ? JSON.stringify(split) : undefined,
      },
      { ...child, dependsOn: [keyUse] },
    );
    invokers.forEach((member, index) => {
      new gcp.vertex.AiEndpointIamMember(
        `${name}-invoker-${index}`,
        { project, location: region, endpoint: endpoint.name, role: "roles/aiplatform.user", member },
        { ...child, deletedWith: endpoint },
      );
    });
    this.endpoint = endpoint.id;
    this.serviceAccountEmail = account.email;
    this.deployments = pulumi.all(
      variants.map((variant, i) => {
        const {
          model,
          machineType = "n2-standard-2",
          minInstances = 2,
          maxInstances = minInstances,
        } = variant;
        const owner = `${name}: variant ${variant.name}`;
        checkScale(owner, minInstances, maxInstances, 1);
        const env = managedEnv(owner, "vertex", model, args);
        const known = pulumi.all([image, env, account.email, kmsKeyName, project]);
        const plain = {
          location: region,
          variant: variant.name,
          model,
          deployedModelId: ids[i] ?? "",
        };
        const scale = { machineType, minInstances, maxInstances };
        return known.apply(([imageUri, variables, serviceAccount, key, projectId]) =>
          vertexDeployment({
            project: projectId,
            ...plain,
            ...scale,
            image: imageUri,
            env: variables,
            serviceAccount,
            kmsKeyName: key,
          }),
        );
      }),
    );
    this.registerOutputs({ endpoint: this.endpoint, deployments: this.deployments });
  }
}
