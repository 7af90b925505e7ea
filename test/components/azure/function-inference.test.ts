import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import {
  AzureFunctionInference,
  type AzureFunctionInferenceArgs,
} from "../../../components/azure/function-inference.ts";
import { managedServingEnvSchema, servingTargetEnvSchema } from "../../../runtime/contract/serving-target.ts";
import { place, registryId } from "./azure-place.ts";
import { digest, model, revealed } from "../platform/serving/model.ts";
import { find, list, record, type Recorded } from "../record.ts";

const storage = { id: "/subscriptions/s/storageAccounts/acmehost", name: "acmehost" };
const build = (args: Partial<AzureFunctionInferenceArgs> = {}) =>
  record(
    () =>
      new AzureFunctionInference("pushback", {
        place,
        environment: "production",
        service: "pushback",
        image: `acme.azurecr.io/slipway/functions@${digest}`,
        registryUrl: "https://acme.azurecr.io",
        registryId,
        model,
        storage,
        ...args,
      }),
  );
const standard = await build();

interface SiteConfig {
  appSettings: { name: string; value: unknown }[];
}
const siteConfig = (resources: readonly Recorded[]): SiteConfig =>
  revealed(find(resources, "azure-native:web:WebApp", "pushback-app")["siteConfig"]) as SiteConfig;
const settings = (resources: readonly Recorded[]): Record<string, string> =>
  Object.fromEntries(
    siteConfig(resources).appSettings.map(({ name, value }) => [name, String(revealed(value))]),
  );

test("a function has a plan, no password, and an identity that pulls images and writes the host's state", () => {
  expect(list(standard.resources)).toEqual([
    "azure-native:authorization:RoleAssignment pushback-pull",
    "azure-native:authorization:RoleAssignment pushback-state",
    "azure-native:managedidentity:UserAssignedIdentity pushback-identity",
    "azure-native:web:AppServicePlan pushback-plan",
    "azure-native:web:WebApp pushback-app",
    "azure-native:web:WebAppFtpAllowed pushback-ftp",
    "azure-native:web:WebAppScmAllowed pushback-scm",
    "slipway:serverless:AzureFunctionInference pushback",
  ]);
  for (const kind of ["Ftp", "Scm"])
    expect(
      find(standard.resources, `azure-native:web:WebApp${kind}Allowed`, `pushback-${kind.toLowerCase()}`),
    ).toMatchObject({ allow: false });
});

test("the app runs the image by digest, over https, pulled as its identity, from a private network", () => {
  expect(find(standard.resources, "azure-native:web:WebApp", "pushback-app")).toMatchObject({
    name: "acme-pushback",
    kind: "functionapp,linux,container",
    httpsOnly: true,
    publicNetworkAccess: "Disabled",
    identity: { type: "UserAssigned", userAssignedIdentities: ["pushback-identity-id"] },
  });
  expect(siteConfig(standard.resources)).toMatchObject({
    linuxFxVersion: `DOCKER|acme.azurecr.io/slipway/functions@${digest}`,
    acrUseManagedIdentityCreds: true,
    ftpsState: "Disabled",
    minTlsVersion: "1.2",
    minimumElasticInstanceCount: 1,
    functionAppScaleLimit: 20,
  });
  expect(find(standard.resources, "azure-native:web:AppServicePlan", "pushback-plan")).toMatchObject({
    kind: "elastic",
    reserved: true,
    sku: { name: "EP1", tier: "ElasticPremium" },
    maximumElasticWorkerCount: 20,
  });
});

test("the settings of the function satisfy the contracts of host and server, without a storage key", async () => {
  const password = "@Microsoft.KeyVault(SecretUri=https://acme.vault.azure.net/secrets/redis)";
  const featureStore = { url: "rediss://acme.redis.azure.net:10000", password };
  const { resources } = await build({ featureStore });
  const env = settings(resources);
  expect(env).toMatchObject({
    FUNCTIONS_EXTENSION_VERSION: "~4",
    FUNCTIONS_WORKER_RUNTIME: "custom",
    AzureWebJobsStorage__accountName: "acmehost",
    AzureWebJobsStorage__credential: "managedidentity",
  });
  expect(Object.keys(env)).not.toContain("AzureWebJobsStorage");
  expect(servingTargetEnvSchema.parse(env)).toEqual({ SLIPWAY_TARGET: "azure-functions" });
  expect(managedServingEnvSchema.parse(env)).toMatchObject({
    SLIPWAY_MODEL: model,
    SLIPWAY_FEATURE_STORE_PASSWORD: password,
  });
});

test("all outbound traffic of the function goes through its subnet", async () => {
  const { resources } = await build({ subnetId: "subnet-id", publicAccess: true });
  expect(find(resources, "azure-native:web:WebApp", "pushback-app")).toMatchObject({
    virtualNetworkSubnetId: "subnet-id",
    publicNetworkAccess: "Enabled",
    siteConfig: { vnetRouteAllEnabled: true },
  });
});

test.each<[string, Partial<AzureFunctionInferenceArgs>, string]>([
  [
    "zones with one instance",
    { zoneRedundant: true },
    "pushback: minInstances must be at least 3 with zoneRedundant, got 1",
  ],
  ["more than a hundred", { maxInstances: 101 }, "maxInstances must be between 1 and 100, got 101"],
  ["a name with a dot", { appName: "a.b" }, "appName must be 2 to 60 lower-case letters"],
  ["a tag for an image", { image: "runtime:v1" }, "image must be named by digest"],
])("refuses %s", async (_what, args, message) => {
  await expect(build(args)).rejects.toThrow(message);
});

test("the host starts the server, forwards requests unchanged, and requires a key", () => {
  const read = (path: string): unknown =>
    JSON.parse(
      readFileSync(
        new URL(`../../../runtime/serving/adapters/azure-functions/${path}`, import.meta.url),
        "utf8",
      ),
    );
  expect(read("host.json")).toMatchObject({
    extensions: { http: { routePrefix: "" } },
    customHandler: {
      description: { defaultExecutablePath: "/usr/local/bin/node", arguments: ["/app/main.js", "serve"] },
      enableForwardingHttpRequest: true,
    },
  });
  expect(read("infer/function.json")).toMatchObject({
    bindings: [{ type: "httpTrigger", authLevel: "function", route: "{*path}" }, { type: "http" }],
  });
});
