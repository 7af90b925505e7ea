import { expect, test } from "vitest";
import { DriftMonitor } from "../../../../components/platform/monitoring/drift-monitor.ts";
import { InferenceService } from "../../../../components/platform/serving/inference-service.ts";
import type { ServiceAccountIdentity } from "../../../../components/platform/kubernetes/service-account-identity.ts";
import type { Monitoring } from "../../../../components/platform/monitoring/monitoring.ts";
import { TrainingPipeline } from "../../../../components/platform/training/training-pipeline.ts";
import { find, record } from "../../record.ts";
import { modelReference, stage } from "../../stage.ts";

const identity: ServiceAccountIdentity = {
  annotations: { "iam.gke.io/gcp-service-account": "svc@project.iam.gserviceaccount.com" },
  podLabels: { "azure.workload.identity/use": "true" },
  usesMetadataService: true,
};

interface Template {
  metadata: { labels: Record<string, string> };
  spec: {
    nodeSelector?: Record<string, string>;
    tolerations?: { key: string; operator: string; effect: string }[];
    containers: { resources: { limits: Record<string, string> } }[];
  };
}

const build = (settings: Pick<ConstructorParameters<typeof InferenceService>[1], "gpu" | "identity">) =>
  record(() => {
    const { platform, staging, registry, featureStore } = stage();
    const image = registry.image("runtime");
    const common = { registry, featureStore, image, model: modelReference };
    new InferenceService("svc", { environment: staging, ...common, ...settings });
    new TrainingPipeline("training", { environment: platform, targets: [staging], ...common, ...settings });
  });

type Resources = Awaited<ReturnType<typeof build>>["resources"];
const served = (resources: Resources): Template =>
  (find(resources, "kubernetes:apps/v1:Deployment", "svc-deployment")["spec"] as { template: Template })
    .template;
const job = (resources: Resources, name: string): Template =>
  (
    find(resources, "kubernetes:batch/v1:CronJob", `training-${name}`)["spec"] as {
      jobTemplate: { spec: { template: Template } };
    }
  ).jobTemplate.spec.template;

const plain = await build({});
const special = await build({ gpu: { type: "nvidia-l4", count: 2 }, identity });

test("a pod that requests GPUs runs only on nodes with that GPU, and tolerates their taint", () => {
  for (const { spec } of [served(special.resources), job(special.resources, "train")]) {
    expect(spec.containers[0]?.resources.limits["nvidia.com/gpu"]).toBe("2");
    expect(spec.nodeSelector).toEqual({ "slipway.dev/gpu-type": "nvidia-l4" });
    expect(spec.tolerations).toContainEqual({
      key: "nvidia.com/gpu",
      operator: "Exists",
      effect: "NoSchedule",
    });
  }
});

test("jobs other than train, and pods without a GPU request, get no GPU and no tolerations", () => {
  const others = [job(special.resources, "features"), served(plain.resources), job(plain.resources, "train")];
  for (const { spec } of others) {
    expect(spec.containers[0]?.resources.limits).not.toHaveProperty("nvidia.com/gpu");
    expect(spec).not.toHaveProperty("nodeSelector");
    expect(spec).not.toHaveProperty("tolerations");
  }
});

test("refuses a GPU request with the count 0", async () => {
  await expect(build({ gpu: { type: "nvidia-l4", count: 0 } })).rejects.toThrow(
    "gpu.count must be at least 1, got 0",
  );
});

test("an identity annotates the service account, labels the pods, and lets them reach the metadata service", () => {
  const { resources } = special;
  for (const name of ["svc-account", "training-account"])
    expect(find(resources, "kubernetes:core/v1:ServiceAccount", name)["metadata"]).toMatchObject({
      annotations: identity.annotations,
    });
  for (const { metadata } of [served(resources), job(resources, "ingest")])
    expect(metadata.labels).toMatchObject(identity.podLabels);
  const rule = { to: [{ ipBlock: { cidr: "169.254.169.254/32" } }], ports: [{ protocol: "TCP", port: 80 }] };
  for (const name of ["svc-traffic", "training-egress"]) {
    const policy = (of: Resources): unknown[] =>
      (find(of, "kubernetes:networking.k8s.io/v1:NetworkPolicy", name)["spec"] as { egress: unknown[] })
        .egress;
    expect(policy(resources)).toContainEqual(rule);
    expect(policy(plain.resources)).not.toContainEqual(rule);
  }
});

test("a drift monitor takes an identity too", async () => {
  const { resources } = await record(() => {
    const { staging, registry, featureStore } = stage();
    new DriftMonitor("drift", {
      environment: staging,
      registry,
      featureStore,
      monitoring: { environmentName: "monitoring", pushgatewayUrl: "http://p" } as Monitoring,
      image: registry.image("runtime"),
      service: "pushback",
      model: modelReference,
      identity,
    });
  });
  expect(find(resources, "kubernetes:core/v1:ServiceAccount", "drift-account")["metadata"]).toMatchObject({
    annotations: identity.annotations,
  });
});
