import * as pulumi from "@pulumi/pulumi";
import { parseArtifactReference } from "../../../runtime/contract/artifact-reference.ts";
import { after } from "../../../components/platform/after.ts";
import { accountId } from "../../../components/gcp/account-id.ts";
import type { GcpService } from "../../../components/gcp/agents.ts";
import type { GcpRuntimeArgs } from "../../../components/gcp/managed-container.ts";
import type { GcpKey } from "../../../components/gcp/key.ts";
import { VertexEndpoint } from "../../../components/gcp/vertex-endpoint.ts";
import type { ArtifactRegistry } from "../../../components/gcp/artifact-registry.ts";
import { GcpHeldSecret } from "../../../components/gcp/held-secret.ts";
import { CloudFunctionInference } from "../../../components/gcp/cloud-function-inference.ts";
import { CloudRunInference, type CloudRunTraffic } from "../../../components/gcp/cloud-run-inference.ts";
import type { TargetOf } from "../../config/schema/target.ts";
import type { ReadFoundation } from "../../foundation/common-outputs.ts";
import type { gcpFoundationSchema } from "../../foundation/gcp-outputs.ts";
import type { ManagedRedis } from "../connection.ts";
import { entryOf } from "../entry-of.ts";
import { modelShares, type ManagedTarget, type TargetRequest } from "./managed-target.ts";
import { targetName } from "../../config/target-name.ts";

export interface GcpTargetsArgs {
  project: string;
  region: string;
  prefix: string;
  foundation: ReadFoundation<typeof gcpFoundationSchema>;
  /** Creates a key that these services of Google Cloud may encrypt with. */
  createKey: (name: string, ...services: GcpService[]) => GcpKey;
  registry: ArtifactRegistry;
  /** Feature store of the targets. @default none: callers send all features */
  redis: ManagedRedis | undefined;
}

/** Creates services on Vertex AI, Cloud Run and Cloud Functions. The first target that uses Redis stores its password in Secret Manager. */
export function gcpTargets(
  args: GcpTargetsArgs,
  opts: pulumi.ComponentResourceOptions,
): (request: TargetRequest) => ManagedTarget {
  const { project, region, prefix, foundation, registry, redis, createKey } = args;
  let sharedStore: GcpRuntimeArgs["featureStore"];
  const featureStore = (): GcpRuntimeArgs["featureStore"] =>
    redis && (sharedStore ??= createSharedStore(args, redis, opts));
  return (request): ManagedTarget => {
    const { name, environment, service, target, model, canaryModel, image, registryUrl, logSample } = request;
    const resourceName = targetName(prefix, environment, service);
    const common = {
      project,
      region,
      environment,
      service,
      image,
      registryUrl,
      repositories: registry.readable(),
      accountId: accountId(prefix, environment, service, target.kind),
    };
    const containerArgs = (
      settings: TargetOf<"cloud-run"> | TargetOf<"cloud-functions">,
      agents: GcpService[],
    ) => ({
      ...common,
      model,
      logSample,
      cpu: settings.cpu,
      memoryMib: settings.memoryMib,
      minInstances: settings.minInstances,
      maxInstances: settings.maxInstances,
      traffic: trafficOf(settings.canary),
      kmsKeyName: createKey(name, ...agents).keyName,
      featureStore: featureStore(),
      vpc: redis && { network: foundation.networkId, subnetwork: foundation.subnetId },
    });
    switch (target.kind) {
      case "vertex": {
        const { endpointId, machineType, minInstances, maxInstances, invokers, live, canary } = target;
        const { endpoint, deployments } = new VertexEndpoint(
          name,
          {
            ...common,
            // The service agent of Vertex AI must exist before a policy can let it use a key.
            projectNumber: after(
              foundation.projectNumber,
              entryOf(foundation.agents, "aiplatform", "cloud.targets"),
            ),
            endpointId,
            kmsKeyName: createKey(name).keyName,
            invokers,
            live,
            variants: modelShares(model, canaryModel, canary?.percent).map((share) => ({
              ...share,
              // The name is the digest, so a deployed canary is not replaced when it becomes the model of the service.
              name: parseArtifactReference(share.model).digest.slice("sha256:".length, "sha256:".length + 12),
              machineType,
              minInstances,
              maxInstances,
            })),
          },
          opts,
        );
        return { url: null, details: { endpoint, deployments } };
      }
      case "cloud-run": {
        const { invokers } = target;
        const { url, revision } = new CloudRunInference(
          name,
          { ...containerArgs(target, ["run"]), serviceName: resourceName, invokers },
          opts,
        );
        return { url, details: { revision } };
      }
      case "cloud-functions": {
        const { topic } = target;
        const { url, revision, deadLetterTopic } = new CloudFunctionInference(
          name,
          {
            ...containerArgs(target, ["run", "pubsub"]),
            serviceName: `${resourceName}-events`,
            projectNumber: foundation.projectNumber,
            topic,
            eventsAccountId: accountId(prefix, environment, service, "events"),
          },
          opts,
        );
        return { url, details: { revision, deadLetterTopic } };
      }
      default:
        throw new Error(
          `${name}: target must be vertex, cloud-run or cloud-functions on Google Cloud, got ${target.kind}`,
        );
    }
  };
}

/** Returns the shares of the stable revision and of the new one; undefined without a canary. */
function trafficOf(canary: TargetOf<"cloud-run">["canary"]): CloudRunTraffic[] | undefined {
  if (canary === undefined) return undefined;
  const { stableRevision, percent } = canary;
  return [{ revision: stableRevision, weight: 100 - percent }, { weight: percent }];
}

/** Stores the password of Redis in Secret Manager, because Cloud Run reads secrets only from there. Returns the access to Redis. */
function createSharedStore(
  { project, region, prefix, createKey }: GcpTargetsArgs,
  redis: ManagedRedis,
  opts: pulumi.ComponentResourceOptions,
): GcpRuntimeArgs["featureStore"] {
  const { secretId } = new GcpHeldSecret(
    "serving-redis-password",
    {
      project,
      region,
      key: createKey("serving", "secretmanager"),
      secretId: `${prefix}-serving-redis-password`,
      value: redis.password,
    },
    opts,
  );
  return {
    url: pulumi.interpolate`rediss://${redis.host}:${redis.port}`,
    passwordSecret: secretId,
    caCertificate: redis.caCertificate,
  };
}
