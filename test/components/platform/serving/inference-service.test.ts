import { expect, test } from "vitest";
import { servingEnvSchema } from "../../../../runtime/contract/env.ts";
import { find, list, named } from "../../record.ts";
import { modelReference } from "../../stage.ts";
import { buildService, envOf, workload } from "./build-service.ts";

/** Built with only the required arguments. */
const standard = await buildService();

test("a service is a Deployment with its account, budget, policy, and a Service for callers and one for metrics", async () => {
  const { resources, result } = standard;
  expect(list(named(resources, "svc"))).toEqual([
    "kubernetes:apps/v1:Deployment svc-deployment",
    "kubernetes:core/v1:Service svc-metrics",
    "kubernetes:core/v1:Service svc-service",
    "kubernetes:core/v1:ServiceAccount svc-account",
    "kubernetes:networking.k8s.io/v1:NetworkPolicy svc-traffic",
    "kubernetes:policy/v1:PodDisruptionBudget svc-budget",
    "slipway:serving:InferenceService svc",
  ]);
  expect(result).toEqual({ url: "http://svc.staging.svc:8080", address: "10.96.1.2:8080" });
});

test("its environment variables satisfy the contract of the server", async () => {
  const { resources } = await buildService({ logSample: 0.5, logMaxEntries: 10, drainSeconds: 3 });
  const env = envOf(resources);
  expect(servingEnvSchema.parse({ ...env, SLIPWAY_FEATURE_STORE_PASSWORD: "from the secret" })).toMatchObject(
    {
      SLIPWAY_REGISTRY: "http://10.88.0.1:5000",
      SLIPWAY_MODEL: modelReference,
      SLIPWAY_ENVIRONMENT: "staging",
      SLIPWAY_SERVICE: "svc",
      SLIPWAY_FEATURE_STORE_URL: "redis://feature-store.platform.svc:6379",
      SLIPWAY_LOG_SAMPLE: 0.5,
      SLIPWAY_LOG_MAX_ENTRIES: 10,
      SLIPWAY_DRAIN_SECONDS: 3,
    },
  );
});

test("it sets no variable for an argument that is left out", async () => {
  expect(Object.keys(envOf(standard.resources))).toEqual([
    "SLIPWAY_REGISTRY",
    "DOCKER_CONFIG",
    "SLIPWAY_FEATURE_STORE_URL",
    "SLIPWAY_FEATURE_STORE_USERNAME",
    "SLIPWAY_FEATURE_STORE_PASSWORD",
    "SLIPWAY_MODEL",
    "SLIPWAY_ENVIRONMENT",
    "SLIPWAY_SERVICE",
    "SLIPWAY_DRAIN_SECONDS",
  ]);
});

test("by default it has two replicas, each with a request of a tenth of a core, a limit of one core, and 768 MiB", async () => {
  const { replicas, template } = workload(standard.resources);
  expect(replicas).toBe(2);
  expect(template.spec.containers[0].resources).toEqual({
    requests: { cpu: "100m", memory: "256Mi" },
    limits: { cpu: "1000m", memory: "768Mi" },
  });
});

test("replicas, CPU and memory follow the arguments", async () => {
  const args = { replicas: 3, cpuRequestMillis: 500, cpuLimitMillis: 2000, memoryMib: 900 };
  const { replicas, template } = workload((await buildService(args)).resources);
  expect(replicas).toBe(3);
  expect(template.spec.containers[0].resources).toEqual({
    requests: { cpu: "500m", memory: "300Mi" },
    limits: { cpu: "2000m", memory: "900Mi" },
  });
});

test("an autoscaler adds pods by the CPU limit, and an update leaves their number alone", async () => {
  const HPA = "kubernetes:autoscaling/v2:HorizontalPodAutoscaler";
  const args = { replicas: 2, cpuLimitMillis: 2000, autoscaling: { maxReplicas: 6, cpuPercent: 60 } };
  const { resources } = await buildService(args);
  expect(find(resources, HPA, "svc-autoscaler")["spec"]).toEqual({
    scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "svc" },
    minReplicas: 2,
    maxReplicas: 6,
    metrics: [
      {
        type: "Resource",
        resource: { name: "cpu", target: { type: "AverageValue", averageValue: "1200m" } },
      },
    ],
    behavior: { scaleDown: { stabilizationWindowSeconds: 300 } },
  });
  expect(standard.resources.filter(({ type }) => type === HPA)).toEqual([]);
});

test("beside an external autoscaler there is none of ours, and an update leaves the number of pods alone", async () => {
  const { resources } = await buildService({ replicas: 2, autoscaling: { maxReplicas: 6, external: true } });
  expect(resources.filter(({ type }) => type.includes("HorizontalPodAutoscaler"))).toEqual([]);
});

test.each([undefined, 0, 25])(
  "a drain of %s seconds ends well within the grace period",
  async (drainSeconds) => {
    const { resources } = await buildService({ drainSeconds });
    const { terminationGracePeriodSeconds, containers } = workload(resources).template.spec;
    const drain = Number(envOf(resources)["SLIPWAY_DRAIN_SECONDS"]);
    expect(drain).toBe(drainSeconds ?? 10);
    expect(terminationGracePeriodSeconds).toBe(containers[0].lifecycle.preStop.sleep.seconds + drain + 15);
  },
);

test("a rolling update replaces one pod at a time after a new one is ready, and pods are spread over zones and nodes", async () => {
  const { strategy, template } = workload(standard.resources);
  expect(strategy).toEqual({ type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } });
  expect(template.spec.topologySpreadConstraints).toMatchObject([
    { topologyKey: "topology.kubernetes.io/zone", whenUnsatisfiable: "ScheduleAnyway", maxSkew: 1 },
    { topologyKey: "kubernetes.io/hostname", whenUnsatisfiable: "ScheduleAnyway", maxSkew: 1 },
  ]);
});

test("the probes call the health routes of the protocol", async () => {
  const [container] = workload(standard.resources).template.spec.containers;
  expect(container.startupProbe).toMatchObject({ httpGet: { path: "/v2/health/ready", port: "metrics" } });
  expect(container.readinessProbe).toMatchObject({ httpGet: { path: "/v2/health/ready", port: "metrics" } });
  expect(container.livenessProbe).toMatchObject({ httpGet: { path: "/v2/health/live", port: "metrics" } });
});

test("Prometheus finds each pod by DNS, ready or not, and another Prometheus by annotation", async () => {
  const { resources } = standard;
  expect(find(resources, "kubernetes:core/v1:Service", "svc-metrics")).toMatchObject({
    metadata: { name: "svc-metrics" },
    spec: { clusterIP: "None", publishNotReadyAddresses: true, ports: [{ port: 8002 }] },
  });
  expect(workload(resources).template.metadata.annotations).toEqual({
    "prometheus.io/scrape": "true",
    "prometheus.io/port": "8002",
    "prometheus.io/path": "/metrics",
  });
});

test("one pod at a time may be evicted, and a pod that is not ready always", async () => {
  const { resources } = standard;
  expect(find(resources, "kubernetes:policy/v1:PodDisruptionBudget", "svc-budget")["spec"]).toMatchObject({
    maxUnavailable: 1,
    unhealthyPodEvictionPolicy: "AlwaysAllow",
  });
});

test.each([
  [{ replicas: 0 }, "svc: replicas must be at least 1, got 0"],
  [{ memoryMib: 255 }, "svc: memoryMib must be at least 256, got 255"],
  [{ drainSeconds: -1 }, "svc: drainSeconds must be at least 0, got -1"],
  [{ logSample: 1.1 }, "svc: logSample must be between 0 and 1, got 1.1"],
  [{ logMaxEntries: 0 }, "svc: logMaxEntries must be at least 1, got 0"],
  [{ autoscaling: { maxReplicas: 2 } }, "svc: autoscaling.maxReplicas must be more than replicas (2), got 2"],
  [
    { autoscaling: { maxReplicas: 4, cpuPercent: 5 } },
    "svc: autoscaling.cpuPercent must be between 10 and 95, got 5",
  ],
  [
    { autoscaling: { maxReplicas: 4, cpuPercent: 60, external: true } },
    "svc: autoscaling.cpuPercent must be left out beside external, got 60",
  ],
  [{ replicas: Number.NaN }, "svc: replicas must be at least 1, got NaN"],
])("refuses %o", async (args, message) => {
  await expect(buildService(args)).rejects.toThrow(message);
});
