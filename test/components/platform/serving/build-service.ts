import { InferenceService } from "../../../../components/platform/serving/inference-service.ts";
import type { InferenceServiceArgs } from "../../../../components/platform/serving/inference-service-args.ts";
import { find, record, type Recorded } from "../../record.ts";
import { modelReference, stage } from "../../stage.ts";

/** Builds the service `svc` in the environment staging, and returns its resources and its URLs. */
export function buildService(
  args: Partial<InferenceServiceArgs> = {},
): Promise<{ resources: Recorded[]; result: { url: string; address: string } }> {
  return record(() => {
    const { platform, staging, registry, featureStore } = stage();
    const service = new InferenceService("svc", {
      environment: staging,
      registry,
      featureStore,
      image: registry.image("runtime"),
      model: modelReference,
      callers: [platform],
      ...args,
    });
    return new Promise<{ url: string; address: string }>((resolve) => {
      service.url.apply((url) => service.address.apply((address) => resolve({ url, address })));
    });
  });
}

/** The spec of its Deployment, as far as the tests read it. */
interface Workload {
  replicas: number;
  strategy: unknown;
  template: {
    metadata: { annotations: Record<string, string> };
    spec: {
      terminationGracePeriodSeconds: number;
      topologySpreadConstraints: unknown;
      containers: [
        {
          env: { name: string; value?: string }[];
          resources: unknown;
          lifecycle: { preStop: { sleep: { seconds: number } } };
          startupProbe: unknown;
          readinessProbe: unknown;
          livenessProbe: unknown;
        },
      ];
    };
  };
}
export const workload = (resources: readonly Recorded[]): Workload =>
  find(resources, "kubernetes:apps/v1:Deployment", "svc-deployment")["spec"] as Workload;

/** Returns its environment variables by name. */
export const envOf = (resources: readonly Recorded[]): Record<string, string | undefined> =>
  Object.fromEntries(
    workload(resources).template.spec.containers[0].env.map(({ name, value }) => [name, value]),
  );
