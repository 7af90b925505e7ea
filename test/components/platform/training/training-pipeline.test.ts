import { expect, test } from "vitest";
import { TrainingPipeline } from "../../../../components/platform/training/training-pipeline.ts";
import { find, list, named, record } from "../../record.ts";
import { lock, stage } from "../../stage.ts";
import { buildPipeline, CRON_JOB } from "./build-pipeline.ts";

/** Built with only the required arguments. */
const standard = await buildPipeline();

test("the pipeline is a template per job, an account and two policies", async () => {
  const { resources } = standard;
  expect(list(named(resources, "training"))).toEqual([
    "kubernetes:batch/v1:CronJob training-evaluate",
    "kubernetes:batch/v1:CronJob training-features",
    "kubernetes:batch/v1:CronJob training-fetch",
    "kubernetes:batch/v1:CronJob training-ingest",
    "kubernetes:batch/v1:CronJob training-materialize",
    "kubernetes:batch/v1:CronJob training-package",
    "kubernetes:batch/v1:CronJob training-replay",
    "kubernetes:batch/v1:CronJob training-train",
    "kubernetes:batch/v1:CronJob training-validate",
    "kubernetes:core/v1:ServiceAccount training-account",
    "kubernetes:networking.k8s.io/v1:NetworkPolicy training-egress",
    "kubernetes:networking.k8s.io/v1:NetworkPolicy training-fetch-egress",
    "slipway:training:TrainingPipeline training",
  ]);
});

test("a template is suspended and runs one restricted pod that leaves its result in a file", async () => {
  const { resources } = standard;
  expect(find(resources, CRON_JOB, "training-train")).toMatchObject({
    metadata: { name: "training-train", namespace: "platform" },
    spec: {
      suspend: true,
      jobTemplate: {
        spec: {
          backoffLimit: 1,
          activeDeadlineSeconds: 1800,
          ttlSecondsAfterFinished: 86400,
          podFailurePolicy: {
            rules: [
              { action: "Ignore", onPodConditions: [{ type: "DisruptionTarget", status: "True" }] },
              {
                action: "FailJob",
                onExitCodes: { containerName: "runtime", operator: "In", values: [2] },
              },
            ],
          },
          template: {
            spec: {
              restartPolicy: "Never",
              serviceAccountName: "training",
              automountServiceAccountToken: false,
              securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
              imagePullSecrets: [{ name: "registry-platform-credentials-auto" }],
              containers: [
                {
                  image: `10.88.0.1:5000/slipway/runtime@${lock.images.runtime?.digest}`,
                  args: ["train"],
                  env: [
                    { name: "SLIPWAY_REGISTRY", value: "http://10.88.0.1:5000" },
                    { name: "DOCKER_CONFIG", value: "/run/slipway/registry" },
                  ],
                  resources: {
                    requests: { cpu: "250m", memory: "512Mi" },
                    limits: { cpu: "2000m", memory: "2048Mi" },
                  },
                  terminationMessagePolicy: "File",
                  volumeMounts: [
                    { name: "tmp", mountPath: "/tmp" },
                    { name: "registry-credentials", mountPath: "/run/slipway/registry", readOnly: true },
                  ],
                },
              ],
              volumes: [
                { name: "tmp", emptyDir: { sizeLimit: "4096Mi" } },
                {
                  name: "registry-credentials",
                  secret: {
                    secretName: "registry-platform-credentials-auto",
                    items: [{ key: ".dockerconfigjson", path: "config.json" }],
                  },
                },
              ],
            },
          },
        },
      },
    },
  });
});

const fromSecret = {
  name: "SLIPWAY_FEATURE_STORE_PASSWORD",
  valueFrom: { secretKeyRef: { name: "feature-store-platform-training-password-auto", key: "password" } },
};

test("only materialize gets the feature store's password, from its secret", async () => {
  const { resources } = standard;
  const withPassword = resources.filter(
    ({ type, inputs }) =>
      type === CRON_JOB && JSON.stringify(inputs).includes("SLIPWAY_FEATURE_STORE_PASSWORD"),
  );
  expect(withPassword.map(({ name }) => name)).toEqual(["training-materialize"]);
  expect(withPassword[0]?.inputs).toMatchObject({
    spec: {
      jobTemplate: {
        spec: {
          template: { spec: { containers: [{ env: expect.arrayContaining([fromSecret]) as unknown }] } },
        },
      },
    },
  });
});

test("jobs that evaluate or validate are not retried", async () => {
  const { resources } = standard;
  const retries = resources
    .filter(({ type }) => type === CRON_JOB)
    .map(({ inputs }) => {
      const { metadata, spec } = inputs as {
        metadata: { name: string };
        spec: { jobTemplate: { spec: { backoffLimit: number } } };
      };
      return [metadata.name, spec.jobTemplate.spec.backoffLimit];
    });
  expect(Object.fromEntries(retries)).toEqual({
    "training-fetch": 1,
    "training-ingest": 1,
    "training-features": 1,
    "training-train": 1,
    "training-evaluate": 0,
    "training-package": 1,
    "training-materialize": 1,
    "training-validate": 0,
    "training-replay": 0,
  });
});

test("jobs reach the feature store and the services of their targets, and nothing else", async () => {
  const { resources } = standard;
  expect(find(resources, "kubernetes:networking.k8s.io/v1:NetworkPolicy", "training-egress")["spec"]).toEqual(
    {
      podSelector: {
        matchLabels: { "app.kubernetes.io/component": "training", "app.kubernetes.io/instance": "training" },
      },
      policyTypes: ["Egress"],
      egress: [
        {
          to: [
            {
              namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "platform" } },
              podSelector: {
                matchLabels: {
                  "app.kubernetes.io/name": "feature-store",
                  "app.kubernetes.io/component": "feature-store",
                },
              },
            },
          ],
          ports: [{ protocol: "TCP", port: 6379 }],
        },
        {
          to: [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "staging" } } }],
          ports: [{ protocol: "TCP", port: 8080 }],
        },
      ],
    },
  );
});

test("two pipelines fit in one namespace: their objects have different names, and each policy selects its own pods", async () => {
  const { resources } = await record(() => {
    const { platform, staging, registry, featureStore } = stage();
    const args = { environment: platform, targets: [staging], registry, featureStore, image: "runtime" };
    return [new TrainingPipeline("training", args), new TrainingPipeline("nightly", args)];
  });
  const names = resources
    .filter(({ type }) => type === CRON_JOB)
    .map(({ inputs }) => (inputs["metadata"] as { name: string }).name);
  expect(new Set(names).size).toBe(18);
  expect(find(resources, "kubernetes:networking.k8s.io/v1:NetworkPolicy", "nightly-egress")).toMatchObject({
    spec: { podSelector: { matchLabels: { "app.kubernetes.io/instance": "nightly" } } },
  });
});

test.each([
  [{ memoryMib: 1023 }, "training: memoryMib must be at least 1024, got 1023"],
  [{ validationP99Ms: 0 }, "training: validationP99Ms must be over 0, got 0"],
  [{ validationRequestsPerSecond: -1 }, "training: validationRequestsPerSecond must be over 0, got -1"],
  [{ cpuLimitMillis: 99 }, "training: cpuLimitMillis must be at least 100, got 99"],
])("refuses %o", async (args, message) => {
  await expect(buildPipeline(args)).rejects.toThrow(message);
});

test.each([
  [{}, ["validate", "--max-p99-ms", "250", "--min-rps", "50"]],
  [
    { validationP99Ms: 900, validationRequestsPerSecond: 5 },
    ["validate", "--max-p99-ms", "900", "--min-rps", "5"],
  ],
])("validation gets the limits of %j", async (args, expected) => {
  const { resources } = await buildPipeline(args);
  expect(find(resources, CRON_JOB, "training-validate")).toMatchObject({
    spec: { jobTemplate: { spec: { template: { spec: { containers: [{ args: expected }] } } } } },
  });
});
