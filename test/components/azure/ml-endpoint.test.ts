import { expect, test } from "vitest";
import { AzureMlEndpoint, type AzureMlEndpointArgs } from "../../../components/azure/ml-endpoint.ts";
import { managedServingEnvSchema, servingTargetEnvSchema } from "../../../runtime/contract/serving-target.ts";
import { targetSettings } from "../../../runtime/serving/adapters/target-settings.ts";
import { find, list, record } from "../record.ts";
import { place, registryId } from "./azure-place.ts";
import { asStrings, digest, model, nextModel } from "../platform/serving/model.ts";

const stable = { name: "stable", model, weight: 100 };
const deployments = [
  { ...stable, weight: 90, maxInstances: 6 },
  { name: "canary", model: nextModel, weight: 10, minInstances: 1 },
  { name: "shadow", model: nextModel, weight: 0, mirror: 5 },
];
const build = (args: Partial<AzureMlEndpointArgs> = {}) =>
  record(
    () =>
      new AzureMlEndpoint("pushback", {
        place,
        workspaceName: "ml",
        environment: "production",
        service: "pushback",
        image: `acme.azurecr.io/slipway/runtime@${digest}`,
        registryUrl: "https://acme.azurecr.io",
        registryId,
        workspaceId: "logs",
        deployments: [stable],
        ...args,
      }),
  );
const ML = "azure-native:machinelearningservices";

test("an endpoint of one model has an identity that pulls, an environment of the image, and a deployment", async () => {
  const { resources } = await build();
  expect(list(resources)).toEqual([
    "azure-native:authorization:RoleAssignment pushback-pull",
    `${ML}:EnvironmentVersion pushback-environment`,
    `${ML}:OnlineDeployment pushback-stable`,
    `${ML}:OnlineEndpoint pushback-endpoint`,
    "azure-native:managedidentity:UserAssignedIdentity pushback-identity",
    "azure-native:monitor:DiagnosticSetting pushback-log",
    "slipway:managed:AzureMlEndpoint pushback",
  ]);
  expect(find(resources, "azure-native:authorization:RoleAssignment", "pushback-pull")).toMatchObject({
    scope: registryId,
    roleDefinitionId: expect.stringContaining("7f951dda-4ed3-4680-a7ca-43fe172d538d") as string,
  });
});

test("the endpoint is private, requires a token of Entra ID, and splits no requests before deployments exist", async () => {
  const { resources } = await build({ deployments });
  expect(find(resources, `${ML}:OnlineEndpoint`, "pushback-endpoint")).toMatchObject({
    endpointName: "pushback",
    workspaceName: "ml",
    tags: place.tags,
    properties: { authMode: "AADToken", publicNetworkAccess: "Disabled", traffic: {}, mirrorTraffic: {} },
  });
});

test("splits and mirrors requests when the deployments exist", async () => {
  const { resources } = await build({ deployments, live: true });
  expect(find(resources, `${ML}:OnlineEndpoint`, "pushback-endpoint")).toMatchObject({
    properties: { traffic: { stable: 90, canary: 10 }, mirrorTraffic: { shadow: 5 } },
  });
});

test("the environment has the image by digest, and the routes of the server", async () => {
  const environment = find((await build()).resources, `${ML}:EnvironmentVersion`, "pushback-environment");
  expect(environment).toMatchObject({ name: "pushback", version: "1".repeat(12) });
  const { properties } = environment as {
    properties: { image: string; inferenceConfig: { scoringRoute: { path: string; port: number } } };
  };
  expect(properties.image).toBe(`acme.azurecr.io/slipway/runtime@${digest}`);
  const { routes, port } = targetSettings("azure-ml", {});
  expect(properties.inferenceConfig).toEqual({
    livenessRoute: { path: "/v2/health/live", port },
    readinessRoute: { path: "/v2/health/ready", port },
    scoringRoute: { path: routes[0]?.path, port },
  });
});

test("the environment variables of a deployment satisfy the server's contract, and start it", async () => {
  const { resources } = await build();
  const deployment = find(resources, `${ML}:OnlineDeployment`, "pushback-stable");
  expect(deployment).toMatchObject({
    sku: { name: "Default", capacity: 2 },
    properties: { endpointComputeType: "Managed", egressPublicNetworkAccess: "Disabled" },
  });
  const { environmentVariables } = deployment["properties"] as {
    environmentVariables: Record<string, unknown>;
  };
  const env = asStrings(environmentVariables);
  expect(env["SLIPWAY_JOB"]).toBe("serve");
  expect(servingTargetEnvSchema.parse(env)).toEqual({ SLIPWAY_TARGET: "azure-ml" });
  expect(managedServingEnvSchema.parse(env)).toMatchObject({
    SLIPWAY_MODEL: model,
    SLIPWAY_ENVIRONMENT: "production",
  });
});

test("a deployment with a larger maximum scales by CPU", async () => {
  const { resources } = await build({ deployments });
  expect(find(resources, "azure-native:monitor:AutoscaleSetting", "pushback-stable-scaling")).toMatchObject({
    targetResourceUri: "pushback-stable-id",
    profiles: [
      {
        capacity: { minimum: "2", maximum: "6", default: "2" },
        rules: [
          {
            metricTrigger: { operator: "GreaterThan", threshold: 70 },
            scaleAction: { direction: "Increase" },
          },
          { metricTrigger: { operator: "LessThan", threshold: 30 }, scaleAction: { direction: "Decrease" } },
        ],
      },
    ],
  });
  expect(list(resources).filter((line) => line.includes("AutoscaleSetting"))).toHaveLength(1);
});

test.each<[string, Partial<AzureMlEndpointArgs>, string]>([
  [
    "weights that do not total 100",
    { deployments: [{ ...stable, weight: 10 }] },
    "pushback: deployments must have weights that total 100, got 10",
  ],
  ["a short name", { deployments: [{ ...stable, name: "a" }] }, "name must be 3 to 32 letters"],
  [
    "two mirrors",
    {
      deployments: [
        stable,
        { name: "one", model, weight: 0, mirror: 1 },
        { name: "two", model, weight: 0, mirror: 1 },
      ],
    },
    "mirror must be set for one deployment at most, got 2",
  ],
  [
    "a mirror that answers",
    { deployments: [{ ...stable, mirror: 10 }] },
    "mirror of stable must go with weight 0, got weight 100",
  ],
  [
    "a mirror of most",
    { deployments: [stable, { name: "one", model, weight: 0, mirror: 51 }] },
    "mirror of one must be between 0 and 50, got 51",
  ],
  ["a long name of the endpoint", { endpointName: "x".repeat(33) }, "pushback: endpointName must be 3 to 32"],
  ["a tag for an image", { image: "runtime:v1" }, "image must be named by digest"],
])("refuses %s", async (_what, args, message) => {
  await expect(build(args)).rejects.toThrow(message);
});
