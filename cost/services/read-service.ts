import { GPU_RESOURCE, GPU_TYPE_LABEL } from "../../components/platform/kubernetes/gpu-types.ts";
import { InputReader } from "../estimate/input-reader.ts";
import { NotPriced } from "../estimate/not-priced.ts";
import type { PlannedResource } from "../estimate/planned-resource.ts";
import { cores, gib } from "../estimate/quantity.ts";

/** Pods that serve a model, from a plan. */
export interface Service {
  urn: string;
  service: string;
  model: string;
  digest: string;
  replicas: number;
  /** CPU cores that one pod requests. */
  cores: number;
  /** Memory that one pod requests. */
  memoryGib: number;
  /** GPUs of one pod. */
  gpus: number;
  gpuType?: string;
  nodeSelector: Readonly<Record<string, unknown>>;
  tolerated: ReadonlySet<string>;
}

/** Returns the service of a resource whose container has the variable `SLIPWAY_MODEL`; undefined for other resources. */
export function readService(resource: PlannedResource): Service | undefined {
  try {
    return parse(resource);
  } catch (error) {
    if (error instanceof NotPriced) return undefined; // its model is known only after the deployment
    throw error;
  }
}

function parse({ urn, type, name, inputs: raw }: PlannedResource): Service | undefined {
  if (!type.startsWith("kubernetes:")) return undefined;
  const inputs = new InputReader(raw);
  const pod = inputs.nested("spec.template.spec");
  for (const container of pod.list("containers")) {
    const variables = container.list("env");
    const value = (name: string): string | undefined =>
      variables.find((one) => one.string("name") === name)?.string("value");
    const [, model, digest] =
      /(?:^|\/)([^/]+\/[^/]+)\/model@(sha256:[0-9a-f]{64})$/.exec(value("SLIPWAY_MODEL") ?? "") ?? [];
    if (model === undefined || digest === undefined) continue;
    const selector = pod.record("nodeSelector");
    const gpuType = selector[GPU_TYPE_LABEL];
    return {
      urn,
      service: [value("SLIPWAY_ENVIRONMENT") ?? [], inputs.string("metadata.name") ?? name].flat().join("/"),
      model,
      digest,
      replicas: inputs.number("spec.replicas") ?? 1,
      cores: cores(container.string("resources.requests.cpu"), 0),
      memoryGib: gib(container.string("resources.requests.memory"), 0),
      gpus: Number(container.record("resources.limits")[GPU_RESOURCE] ?? 0),
      ...(typeof gpuType === "string" ? { gpuType } : {}),
      nodeSelector: selector,
      tolerated: new Set(pod.list("tolerations").map((one) => one.string("key") ?? "")),
    };
  }
  return undefined;
}
