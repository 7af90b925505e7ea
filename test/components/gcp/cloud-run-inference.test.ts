import { expect, test } from "vitest";
import {
  CloudRunInference,
  type CloudRunInferenceArgs,
} from "../../../components/gcp/cloud-run-inference.ts";
import { managedServingEnvSchema } from "../../../runtime/contract/serving-target.ts";
import { digest, model } from "../platform/serving/model.ts";
import { find, list, record, type Recorded } from "../record.ts";

const HOST = "europe-west3-docker.pkg.dev";
const build = (args: Partial<CloudRunInferenceArgs> = {}) =>
  record(
    () =>
      new CloudRunInference("pushback", {
        project: "acme",
        region: "europe-west3",
        environment: "production",
        service: "pushback",
        image: `${HOST}/acme/slipway/runtime@${digest}`,
        registryUrl: `https://${HOST}/acme`,
        repositories: [{ location: "europe-west3", name: "slipway" }],
        model,
        ...args,
      }),
  );

interface Template {
  scaling: object;
  vpcAccess?: object;
  revision?: string;
  containers: [
    {
      args: string[];
      image: string;
      envs: { name: string; value?: string; valueSource?: object }[];
      resources: object;
      startupProbe: object;
    },
  ];
}
const service = (resources: readonly Recorded[]): Record<string, unknown> & { template: Template } =>
  find(resources, "gcp:cloudrunv2/service:Service", "pushback-service") as { template: Template };

test("a service has its own service account that reads models, and nobody may call it by default", async () => {
  const { resources } = await build();
  expect(list(resources)).toEqual([
    "gcp:artifactregistry/repositoryIamMember:RepositoryIamMember pushback-reads-slipway",
    "gcp:cloudrunv2/service:Service pushback-service",
    "gcp:serviceaccount/account:Account pushback-account",
    "slipway:serverless:CloudRunInference pushback",
  ]);
  expect(service(resources)).toMatchObject({
    ingress: "INGRESS_TRAFFIC_INTERNAL_ONLY",
    invokerIamDisabled: false,
    traffics: [{ type: "TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST", percent: 100 }],
  });
});

test("it runs the image, is ready when the model is loaded, and scales from 0 to 20", async () => {
  const { template } = service((await build()).resources);
  expect(template.scaling).toEqual({ minInstanceCount: 0, maxInstanceCount: 20 });
  expect(template.containers[0]).toMatchObject({
    image: `${HOST}/acme/slipway/runtime@${digest}`,
    args: ["serve"],
    ports: { containerPort: 8080 },
    resources: { limits: { cpu: "1", memory: "1024Mi" }, cpuIdle: true },
    startupProbe: { httpGet: { path: "/v2/health/ready", port: 8080 }, failureThreshold: 60 },
  });
});

test("reads the password of the feature store from its secret, and never contains it", async () => {
  const featureStore = {
    url: "rediss://10.0.0.3:6378",
    passwordSecret: "redis-password",
    caCertificate: "PEM",
  };
  const { resources } = await build({ featureStore, vpc: { network: "ml", subnetwork: "run" } });
  const { template } = service(resources);
  const { envs } = template.containers[0];
  expect(envs.at(-1)).toEqual({
    name: "SLIPWAY_FEATURE_STORE_PASSWORD",
    valueSource: { secretKeyRef: { secret: "redis-password", version: "latest" } },
  });
  const env = Object.fromEntries(envs.map(({ name, value }) => [name, value ?? "from the secret"]));
  expect(env).not.toHaveProperty("PORT"); // Cloud Run sets it, and refuses a service that does
  expect(managedServingEnvSchema.parse(env)).toMatchObject({
    SLIPWAY_FEATURE_STORE_URL: "rediss://10.0.0.3:6378",
    SLIPWAY_FEATURE_STORE_CA: "PEM",
    SLIPWAY_MODEL: model,
  });
  expect(
    find(resources, "gcp:secretmanager/secretIamMember:SecretIamMember", "pushback-password"),
  ).toMatchObject({
    secretId: "redis-password",
    role: "roles/secretmanager.secretAccessor",
  });
  expect(template.vpcAccess).toEqual({
    networkInterfaces: [{ network: "ml", subnetwork: "run" }],
    egress: "PRIVATE_RANGES_ONLY",
  });
  // The prediction log is written between requests.
  expect(template.containers[0].resources).toMatchObject({ cpuIdle: false });
});

test("splits requests between an existing revision and the new one", async () => {
  const { resources } = await build({
    revision: "v8",
    traffic: [
      { revision: "pushback-v7", weight: 90 },
      { weight: 10, tag: "next" },
    ],
  });
  expect(service(resources).template.revision).toBe("pushback-v8");
  expect(service(resources)["traffics"]).toEqual([
    { type: "TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION", revision: "pushback-v7", percent: 90 },
    { type: "TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST", percent: 10, tag: "next" },
  ]);
});

test("only the given invokers may call the service", async () => {
  const { resources } = await build({ invokers: ["serviceAccount:gate@acme.iam.gserviceaccount.com"] });
  expect(
    find(resources, "gcp:cloudrunv2/serviceIamMember:ServiceIamMember", "pushback-invoker-0"),
  ).toMatchObject({
    role: "roles/run.invoker",
    member: "serviceAccount:gate@acme.iam.gserviceaccount.com",
  });
});

test.each<[string, Partial<CloudRunInferenceArgs>, string]>([
  ["anybody", { invokers: ["allUsers"] }, "never allUsers"],
  ["anybody with an account", { invokers: ["allAuthenticatedUsers"] }, "never allUsers"],
  [
    "shares that do not total 100",
    { traffic: [{ weight: 90 }] },
    "pushback: traffic must have weights that total 100, got 90 ((latest) 90)",
  ],
  [
    "the latest revision twice",
    { traffic: [{ weight: 50 }, { weight: 50 }] },
    'unique names, got "(latest)" twice',
  ],
  [
    "more at least than at most",
    { minInstances: 30 },
    "maxInstances must be a whole number of at least 30, got 20",
  ],
  ["too little memory", { memoryMib: 256 }, "memoryMib must be at least 512, got 256"],
  ["a tag for an image", { image: "runtime:v1" }, "image must be named by digest"],
])("refuses %s", async (_what, args, message) => {
  await expect(build(args)).rejects.toThrow(message);
});
