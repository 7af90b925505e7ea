import { createHash } from "node:crypto";
import { PORT } from "../../runtime/contract/port.ts";

/** Id of a deployed model: ten digits, as Vertex AI requires. The same variant of the same model always has the same id. */
export function deployedModelId(owner: string, variant: string, model: string): string {
  const hash = createHash("sha256").update(`${owner}\n${variant}\n${model}`).digest();
  return String(
    1_000_000_000 + (hash.readUInt32BE(0) % 2_000_000_000) + (hash.readUInt32BE(4) % 2_000_000_000),
  );
}

/** Id of a model in the model registry of Vertex AI, from its repository and the start of its digest. */
export function vertexModelId(model: string): string {
  const [repository = "", digest = ""] = model.split("@sha256:");
  const prefix = repository.replace(/[^a-z0-9]+/g, "-").slice(0, 45);
  return `${prefix}-${digest.slice(0, 12)}`;
}

export interface VertexDeploymentOptions {
  project: string;
  location: string;
  variant: string;
  model: string;
  image: string;
  env: Record<string, string>;
  deployedModelId: string;
  /** E-mail address of the service account of the containers. */
  serviceAccount: string;
  kmsKeyName: string;
  machineType: string;
  minInstances: number;
  maxInstances: number;
}

/** Bodies of the two API calls that put a model on an endpoint. */
export interface VertexDeployment {
  variant: string;
  deployedModelId: string;
  /** `POST projects/{project}/locations/{location}/models:upload` */
  upload: object;
  /** `POST projects/{project}/locations/{location}/endpoints/{endpoint}:deployModel` */
  deploy: object;
}

/**
 * Returns the API calls that upload and deploy a model. @pulumi/gcp has no resource that does this.
 * @see https://cloud.google.com/vertex-ai/docs/reference/rest/v1/projects.locations.models/upload
 * @see https://cloud.google.com/vertex-ai/docs/reference/rest/v1/projects.locations.endpoints/deployModel
 */
export function vertexDeployment(options: VertexDeploymentOptions): VertexDeployment {
  const { project, location, variant, model, machineType, minInstances, maxInstances } = options;
  const modelId = vertexModelId(model);
  const encryptionSpec = { kmsKeyName: options.kmsKeyName };
  return {
    variant,
    deployedModelId: options.deployedModelId,
    upload: {
      modelId,
      model: {
        displayName: modelId,
        description: model,
        encryptionSpec,
        containerSpec: {
          imageUri: options.image,
          args: ["serve"],
          env: Object.entries(options.env).map(([name, value]) => ({ name, value })),
          ports: [{ containerPort: PORT.inference }],
          predictRoute: "/predict",
          healthRoute: "/health",
        },
      },
    },
    deploy: {
      deployedModel: {
        id: options.deployedModelId,
        model: `projects/${project}/locations/${location}/models/${modelId}`,
        displayName: variant,
        serviceAccount: options.serviceAccount,
        dedicatedResources: {
          machineSpec: { machineType },
          minReplicaCount: minInstances,
          maxReplicaCount: maxInstances,
        },
      },
    },
  };
}
