import { expect, test } from "vitest";
import type { VertexDeployment } from "../../../components/gcp/managed-vertex.ts";
import { VertexEndpoint, type VertexEndpointArgs } from "../../../components/gcp/vertex-endpoint.ts";
import { managedServingEnvSchema } from "../../../runtime/contract/serving-target.ts";
import { targetSettings } from "../../../runtime/serving/adapters/target-settings.ts";
import { find, list, record } from "../record.ts";
import { digest, model, nextModel } from "../platform/serving/model.ts";

const HOST = "europe-west3-docker.pkg.dev";
const kmsKeyName = "projects/acme/locations/europe-west3/keyRings/ml/cryptoKeys/vertex";
const stable = { name: "stable", model, weight: 100 };
const variants = [
  { ...stable, weight: 90, maxInstances: 5 },
  { name: "canary", model: nextModel, weight: 10, minInstances: 1 },
  { name: "next", model: nextModel, weight: 0 },
];
const build = (args: Partial<VertexEndpointArgs> = {}) =>
  record(async () => {
    const endpoint = new VertexEndpoint("pushback", {
      project: "acme",
      projectNumber: "123456789012",
      region: "europe-west3",
      endpointId: "4711",
      environment: "production",
      service: "pushback",
      image: `${HOST}/acme/slipway/runtime@${digest}`,
      registryUrl: `https://${HOST}/acme`,
      repositories: [{ location: "europe-west3", name: "slipway" }],
      kmsKeyName,
      variants: [stable],
      ...args,
    });
    return new Promise<VertexDeployment[]>((resolve) => void endpoint.deployments.apply(resolve));
  });

test("an endpoint has a service account that reads models, and lets Vertex AI use the key", async () => {
  const { resources } = await build();
  expect(list(resources)).toEqual([
    "gcp:artifactregistry/repositoryIamMember:RepositoryIamMember pushback-reads-slipway",
    "gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember pushback-key",
    "gcp:serviceaccount/account:Account pushback-account",
    "gcp:vertex/aiEndpoint:AiEndpoint pushback-endpoint",
    "slipway:managed:VertexEndpoint pushback",
  ]);
  expect(find(resources, "gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember", "pushback-key")).toMatchObject({
    role: "roles/cloudkms.cryptoKeyEncrypterDecrypter",
    member: "serviceAccount:service-123456789012@gcp-sa-aiplatform.iam.gserviceaccount.com",
  });
});

test("the endpoint is private and encrypted, and splits no requests before models are deployed", async () => {
  const { resources } = await build({ requestLog: { outputUri: "bq://acme.logs.pushback", percent: 10 } });
  const endpoint = find(resources, "gcp:vertex/aiEndpoint:AiEndpoint", "pushback-endpoint");
  expect(endpoint).toMatchObject({
    name: "4711",
    encryptionSpec: { kmsKeyName },
    privateServiceConnectConfig: { enablePrivateServiceConnect: true, projectAllowlists: ["acme"] },
    predictRequestResponseLoggingConfig: { enabled: true, samplingRate: 0.1 },
  });
  expect(endpoint).not.toHaveProperty("trafficSplit");
});

test("splits requests between the deployed models with a share", async () => {
  const { resources, result } = await build({ variants, live: true });
  const { trafficSplit } = find(resources, "gcp:vertex/aiEndpoint:AiEndpoint", "pushback-endpoint");
  const [first, second, third] = result.map(({ deployedModelId }) => deployedModelId);
  expect(JSON.parse(trafficSplit as string)).toEqual({ [first!]: 90, [second!]: 10 });
  expect(new Set([first, second, third]).size).toBe(3);
  for (const id of [first, second, third]) expect(id).toMatch(/^[1-9]\d{9}$/);
});

test("a deployed model keeps its id until its variant or its model changes", async () => {
  const before = (await build()).result[0]?.deployedModelId;
  expect((await build({ variants: [{ ...stable, maxInstances: 9 }] })).result[0]?.deployedModelId).toBe(
    before,
  );
  expect((await build({ variants: [{ ...stable, model: nextModel }] })).result[0]?.deployedModelId).not.toBe(
    before,
  );
});

test("the API calls upload the model for the server, and deploy it under its id", async () => {
  const { result } = await build({ variants });
  const [first] = result as unknown as [
    {
      deployedModelId: string;
      upload: { modelId: string; model: { containerSpec: Record<string, unknown> } };
      deploy: object;
    },
  ];
  expect(first.upload.modelId).toBe("flight-delays-pushback-model-aaaaaaaaaaaa");
  const { containerSpec } = first.upload.model;
  expect(containerSpec).toMatchObject({
    imageUri: `${HOST}/acme/slipway/runtime@${digest}`,
    args: ["serve"],
    ports: [{ containerPort: 8080 }],
  });
  const env = Object.fromEntries(
    (containerSpec["env"] as { name: string; value: string }[]).map(({ name, value }) => [name, value]),
  );
  expect(managedServingEnvSchema.parse(env).SLIPWAY_MODEL).toBe(model);
  expect(env["SLIPWAY_TARGET"]).toBe("vertex");
  const { routes } = targetSettings("vertex", {
    AIP_PREDICT_ROUTE: String(containerSpec["predictRoute"]),
    AIP_HEALTH_ROUTE: String(containerSpec["healthRoute"]),
  });
  expect(routes.map(({ path }) => path)).toEqual(["/health", "/predict"]);
  expect(first.deploy).toEqual({
    deployedModel: {
      id: first.deployedModelId,
      model: "projects/acme/locations/europe-west3/models/flight-delays-pushback-model-aaaaaaaaaaaa",
      displayName: "stable",
      serviceAccount: "pushback@acme.iam.gserviceaccount.com",
      dedicatedResources: {
        machineSpec: { machineType: "n2-standard-2" },
        minReplicaCount: 2,
        maxReplicaCount: 5,
      },
    },
  });
});

test("only the given invokers may ask for predictions", async () => {
  const { resources } = await build({ invokers: ["serviceAccount:gate@acme.iam.gserviceaccount.com"] });
  expect(
    find(resources, "gcp:vertex/aiEndpointIamMember:AiEndpointIamMember", "pushback-invoker-0"),
  ).toMatchObject({
    role: "roles/aiplatform.user",
    member: "serviceAccount:gate@acme.iam.gserviceaccount.com",
  });
});

test.each<[string, Partial<VertexEndpointArgs>, string]>([
  [
    "shares that do not total 100",
    { variants: [{ ...stable, weight: 99 }] },
    "pushback: variants must have weights that total 100, got 99",
  ],
  [
    "an endpoint with a word for a name",
    { endpointId: "pushback" },
    "endpointId must be a number of 1 to 10 digits",
  ],
  ["anybody as an invoker", { invokers: ["allUsers"] }, "never allUsers"],
  [
    "no replica",
    { variants: [{ ...stable, minInstances: 0 }] },
    "variant stable: minInstances must be a whole number of at least 1",
  ],
  ["a short account", { accountId: "ml" }, "accountId must be 6 to 30"],
])("refuses %s", async (_what, args, message) => {
  await expect(build(args)).rejects.toThrow(message);
});
