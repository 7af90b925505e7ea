import { describe, expect, test } from "vitest";
import { find } from "../components/record.ts";
import { revealed } from "../components/platform/serving/model.ts";
import { next } from "./target-environments.ts";
import { model, nextModel, variables, targetStack } from "./target-stacks.ts";

const azure = await targetStack("prod-azure");

describe("on Azure", () => {
  const { resources } = azure;

  test("Azure Machine Learning splits requests between deployments of one private workspace", () => {
    expect(
      find(resources, "azure-native:machinelearningservices:OnlineEndpoint", "production-pushback-endpoint"),
    ).toMatchObject({
      endpointName: "slipway-production-pushback",
      workspaceName: expect.stringMatching(/^slipway-ml-/) as string,
      properties: { publicNetworkAccess: "Disabled", traffic: { stable: 90, canary: 10 } },
    });
    const deployment = find(
      resources,
      "azure-native:machinelearningservices:OnlineDeployment",
      "production-pushback-canary",
    )["properties"];
    expect(revealed(deployment)).toMatchObject({ environmentVariables: { SLIPWAY_MODEL: nextModel } });
  });

  test("a function runs the image of the config from a subnet that reaches Redis, and is asked in the network", () => {
    const app = find(resources, "azure-native:web:WebApp", "production-events-app");
    const { linuxFxVersion, appSettings } = revealed(app["siteConfig"]) as Record<string, unknown>;
    expect(linuxFxVersion).toBe(`DOCKER|slipway.azurecr.io/slipway/functions@${next}`);
    expect(app).toMatchObject({
      name: "slipway-production-events",
      publicNetworkAccess: "Disabled",
      virtualNetworkSubnetId: "network-functions-subnet-id",
    });
    const settings = variables(appSettings);
    expect(settings).toMatchObject({ SLIPWAY_MODEL: model, SLIPWAY_TARGET: "azure-functions" });
    expect(settings["AzureWebJobsStorage__accountName"]).toMatch(/^slipwayfunc/);
    expect(
      find(resources, "azure-native:network:PrivateEndpoint", "production-events-private-endpoint"),
    ).toMatchObject({ privateLinkServiceConnections: [{ groupIds: ["sites"] }] });
  });
});
