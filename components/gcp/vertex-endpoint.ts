import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import { within } from "../platform/kubernetes/at-least.ts";
import { agentMember } from "./agents.ts";
import { grantKeyUse } from "./key.ts";
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
  /** Share of all requests, in percent. */
  weight: number;
  /** Machine type of the replicas. @default "n2-standard-2" */
  machineType?: string;
  /** Replicas kept running; at least 1. @default 2, so that one may fail */
  minInstances?: number;
  /** Replicas at most. @default - minInstances: it does not scale */
  maxInstances?: number;
}

export interface VertexEndpointArgs extends Omit<ManagedRuntimeArgs, "featureStore"> {
  project: pulumi.Input<string>;
  /** Number of the project: part of the address of Vertex AI's service agent. */
  projectNumber: pulumi.Input<string>;
  /** Such as `europe-west3`. */
  region: string;
  /** Id of the endpoint: a number of 1 to 10 digits. */
  endpointId: string;
  /** Runtime image in Artifact Registry, by digest. */
  image: pulumi.Input<string>;
  /** The models and their shares of the requests, which must total 100. */
  variants: readonly VertexVariant[];
  /** Set it when the models of all variants with a weight are deployed: it splits the requests. Vertex AI refuses shares of models that are not deployed. @default false */
  live?: boolean;
  /** Repositories of Artifact Registry that hold models. */
  repositories: readonly ReadableRepository[];
  /** `projects/…/cryptoKeys/…` in the same region; encrypts the endpoint and its models. */
  kmsKeyName: pulumi.Input<string>;
  /** Id of the containers' service account: 6 to 30 characters. @default - the component's name */
  accountId?: string;
  /** Projects whose networks may reach the endpoint, through Private Service Connect. @default - its own project */
  consumerProjects?: pulumi.Input<string>[];
  /** Members that may ask for predictions. @default none */
  invokers?: readonly string[];
  /** Stores a share of the requests and answers in BigQuery, for drift analysis. @default none */
  requestLog?: { outputUri: pulumi.Input<string>; percent: number };
  /** Labels of all resources that take labels. @default none */
  labels?: Record<string, string>;
}

/**
 * An endpoint of Vertex AI that is reached through Private Service Connect, its service account, and the split of requests
 * between deployed models. @pulumi/gcp 9 has no resource that uploads a custom model or deploys it. Therefore the output
 * `deployments` contains the two API calls for each variant. Send them, then set `live`, and the requests are split.
 *
 * @see https://cloud.google.com/vertex-ai/docs/predictions/custom-container-requirements
 */
export class VertexEndpoint extends pulumi.ComponentResource {
  /** `projects/…/locations/…/endpoints/…` */
  readonly endpoint: pulumi.Output<string>;
  /** Service account of the containers. */
  readonly serviceAccountEmail: pulumi.Output<string>;
  /** API calls that put each variant's model on the endpoint. */
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
    const vertexAgent = pulumi.output(projectNumber).apply((number) => agentMember(number, "aiplatform"));
    const keyUse = grantKeyUse(`${name}-key`, kmsKeyName, vertexAgent, child);
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
        trafficSplit: live ? trafficSplit(name, variants) : undefined,
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
      variants.map((variant) => deployment(name, variant, { ...args, image }, account.email)),
    );
    this.registerOutputs({ endpoint: this.endpoint, deployments: this.deployments });
  }
}

/** Shares of the requests by id of the deployed model, as the JSON text that Vertex AI takes. */
function trafficSplit(name: string, variants: readonly VertexVariant[]): string {
  const shares = variants
    .filter(({ weight }) => weight > 0)
    .map((variant) => [deployedModelId(name, variant.name, variant.model), variant.weight]);
  return JSON.stringify(Object.fromEntries(shares));
}

/** The calls that put the model of one variant on the endpoint. */
function deployment(
  name: string,
  variant: VertexVariant,
  args: VertexEndpointArgs,
  serviceAccount: pulumi.Output<string>,
): pulumi.Output<VertexDeployment> {
  const { model, machineType = "n2-standard-2", minInstances = 2, maxInstances = minInstances } = variant;
  const owner = `${name}: variant ${variant.name}`;
  checkScale(owner, minInstances, maxInstances, 1);
  return pulumi
    .output({
      project: args.project,
      image: args.image,
      env: managedEnv(owner, "vertex", model, args),
      serviceAccount,
      kmsKeyName: args.kmsKeyName,
    })
    .apply((known) =>
      vertexDeployment({
        ...known,
        location: args.region,
        variant: variant.name,
        model,
        deployedModelId: deployedModelId(name, variant.name, model),
        machineType,
        minInstances,
        maxInstances,
      }),
    );
}
