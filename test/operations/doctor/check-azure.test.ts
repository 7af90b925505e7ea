import { describe, expect, it } from "vitest";
import { resourceProviders } from "../../../operations/doctor/azure/subscription.ts";
import { ANSWERS, NEEDED, planned, run, SUBSCRIPTION, TENANT } from "./azure-account.ts";
import { lines } from "./fake-cloud-cli.ts";
import { ofStack } from "./planned.ts";

describe("a subscription of Azure", () => {
  it("has what the stack needs", async () => {
    expect(lines(Object.values(await run()).flat()).filter((line) => !line.startsWith("ok "))).toEqual([]);
  });

  it("has to register the providers of what is planned, those of AKS itself included", () => {
    expect(resourceProviders(ofStack(planned, { deployed: false }))).toEqual(NEEDED);
  });

  it("that is fresh has registered nothing, and has no encryption at host", async () => {
    const found = await run({
      "provider list": [{ namespace: "Microsoft.Storage", registrationState: "Registered" }],
      "feature show": { properties: { state: "NotRegistered" } },
    });
    expect(
      Object.values(found)
        .flat()
        .filter(({ state }) => state === "wrong"),
    ).toMatchObject([
      {
        subject: "resource providers",
        fix: "az provider register --namespace Microsoft.Compute --wait && az provider register --namespace Microsoft.ContainerRegistry --wait && az provider register --namespace Microsoft.ContainerService --wait && az provider register --namespace Microsoft.Network --wait && az provider register --namespace Microsoft.PolicyInsights --wait",
      },
      { subject: "feature Microsoft.Compute/EncryptionAtHost", found: "NotRegistered" },
    ]);
  });

  it.each([
    [[], "NotRegistered", "ok", "none yet: Azure creates it with the first network"],
    [[], "Registered", "wrong", "none, and the subscription creates none by itself"],
    [[{ name: "ours", location: "germanywestcentral" }], "Registered", "wrong", "has another name: ours"],
  ])("has Network Watchers %j, opted out: %s", async (watchers, optOut, state, text) => {
    const found = await run({
      "network watcher list": watchers,
      "feature show --namespace Microsoft.Network": { properties: { state: optOut } },
    });
    expect(lines(Object.values(found).flat())).toContain(
      `${state} Network Watcher of germanywestcentral: ${text}`,
    );
  });

  it.each([
    ["2027-04-01", "ok Kubernetes 1.36: until 2027-06-30, 90 days"],
    ["2027-04-02", "wrong Kubernetes 1.36: until 2027-06-30, 89 days"],
    ["2027-07-02", "wrong Kubernetes 1.36: ended on 2027-06-30"],
  ])("on %s: %s", async (today, expected) => {
    const { Versions = [] } = await run({}, { today });
    expect(lines(Versions)).toEqual([expected]);
  });

  it("lets its deployer grant no roles, and the deployer is in no group of the cluster's administrators", async () => {
    const found = await run({
      "role assignment list": [{ roleDefinitionName: "Contributor" }],
      "ad group member check": { value: false },
    });
    expect(lines(Object.values(found).flat()).filter((line) => line.startsWith("wrong"))).toEqual([
      "wrong rights of a first up: Contributor",
      "wrong member of a group in cluster.adminGroups: of none",
    ]);
  });

  it("is another one, or its name of a registry is taken, which is right after the first up", async () => {
    const other = { id: "other", tenantId: TENANT, user: { name: "me@example.com" } };
    expect(lines((await run({ "account show": other }))["Subscription, providers and rights"] ?? [])).toEqual(
      [`wrong subscription that is chosen: other in tenant ${TENANT}`],
    );
    const taken = {
      "acr check-name": { nameAvailable: false, message: "The registry slipway is already in use." },
    };
    expect(lines((await run(taken))["Names"] ?? [])).toContain(
      "wrong registry slipway: The registry slipway is already in use.",
    );
    expect((await run(taken, { deployed: true }))["Names"]?.[0]?.state).toBe("ok");
  });

  it.each([
    [
      "is not there",
      new Error(
        `Not Found({"error":{"code":"SubscriptionNotFound","message":"The subscription was not found"}})`,
      ),
      `az login --tenant ${TENANT}, as one who may see ${SUBSCRIPTION}`,
    ],
    ["is switched off", { state: "Disabled" }, "portal.azure.com, Subscriptions"],
  ])("that %s is one finding, and nothing else is asked of it", async (_title, answer, fix) => {
    const found = await run({ rest: answer });
    expect(found["Subscription, providers and rights"]).toMatchObject([
      { subject: "subscription that is chosen", state: "ok" },
      { subject: "state of the subscription", state: "wrong", fix: expect.stringContaining(fix) as string },
    ]);
  });

  it("does not offer the version but as a preview, or may not be asked", async () => {
    const previewOnly = await run({
      "aks get-versions": { values: [{ version: "1.36", isPreview: true }, { version: "1.35" }] },
    });
    expect(lines(previewOnly["Versions"] ?? [])).toEqual(["wrong Kubernetes 1.36: offered: 1.35"]);
    const refused = Object.fromEntries(
      Object.keys(ANSWERS)
        .filter((key) => key !== "account show")
        .map((key) => [key, new Error("AuthorizationFailed")]),
    );
    expect(
      [
        ...new Set(
          Object.values(await run(refused))
            .flat()
            .map(({ state }) => state),
        ),
      ].sort(),
    ).toEqual(["ok", "unknown"]);
  });
});
