import type * as pulumi from "@pulumi/pulumi";
import { beforeAll, expect, test } from "vitest";
import { Aks } from "../../../../components/azure/cluster/aks.ts";
import type { AksArgs } from "../../../../components/azure/cluster/aks-args.ts";
import { dependenciesOf, find, list, record, valueOf, type Recorded } from "../../record.ts";
import { azureStage, place, workspaceId } from "../azure-stage.ts";

const ADMINS = "a3b1d7a0-9e1f-4a55-a7c6-0b8f0c2d1e33";
const CLUSTER = "azure-native:containerservice:ManagedCluster";
const DEPLOYMENT = "azure-native:resources:Deployment";

const build = (
  more: Partial<AksArgs> = {},
  opts?: pulumi.ComponentResourceOptions,
): Promise<{ resources: Recorded[]; result: Aks }> =>
  record(
    () =>
      new Aks("cluster", { ...place, ...azureStage(), workspaceId, adminGroups: [ADMINS], ...more }, opts),
  );

interface Deployment {
  properties: {
    template: { resources: { properties: { parameters: object; template: { resources: object[] } } }[] };
    parameters: Record<string, { value: string }>;
  };
}
const gatewayApi = (resources: readonly Recorded[]): Deployment["properties"] =>
  (find(resources, DEPLOYMENT, "cluster-gateway-api") as unknown as Deployment).properties;

let resources: Recorded[];
let aks: Aks;
beforeAll(async () => {
  ({ resources, result: aks } = await build({ gateway: true }));
});

test("runs the operator of application routing without NGINX, and the add-on that reads certificates", () => {
  expect(find(resources, CLUSTER, "cluster-cluster")).toMatchObject({
    ingressProfile: { webAppRouting: { enabled: true, nginx: { defaultIngressControllerType: "None" } } },
    addonProfiles: {
      azureKeyvaultSecretsProvider: { enabled: true, config: { enableSecretRotation: "true" } },
    },
  });
});

test("does none of it without gateways", async () => {
  const { resources: others } = await build();
  const cluster = find(others, CLUSTER, "cluster-cluster");
  expect(cluster).not.toHaveProperty("ingressProfile");
  expect(cluster["addonProfiles"]).not.toHaveProperty("azureKeyvaultSecretsProvider");
  expect(list(others)).not.toContain(`${DEPLOYMENT} cluster-gateway-api`);
});

test("adds the Gateway API to what Azure knows of the cluster, with the first version that has it", () => {
  const { template, parameters } = gatewayApi(resources);
  const [update] = template.resources;
  expect(update?.properties.parameters).toMatchObject({
    cluster: { value: "[reference(parameters('clusterId'), '2026-04-01', 'Full')]" },
  });
  expect(update?.properties.template).toMatchObject({
    variables: {
      gatewayApi: {
        ingressProfile: {
          gatewayAPI: { installation: "Standard" },
          webAppRouting: { gatewayAPIImplementations: { appRoutingIstio: { mode: "Enabled" } } },
        },
      },
    },
    resources: [
      {
        type: "Microsoft.ContainerService/managedClusters",
        apiVersion: "2026-04-01",
        identity: { type: "UserAssigned", userAssignedIdentities: { "[parameters('identityId')]": {} } },
        properties: "[union(parameters('cluster').properties, variables('gatewayApi'))]",
      },
    ],
  });
  expect(parameters).toMatchObject({
    clusterId: { value: "cluster-cluster-id" },
    clusterName: { value: "cluster-cluster-auto" },
    identityId: { value: "cluster-identities-control-plane-id" },
  });
});

test("adds it again when Pulumi writes the cluster, and only then", async () => {
  const inputs = async (args: Partial<AksArgs>): Promise<string | undefined> =>
    gatewayApi((await build({ gateway: true, ...args })).resources).parameters["clusterInputs"]?.value;
  const before = gatewayApi(resources).parameters["clusterInputs"]?.value;
  expect(before).toMatch(/^[0-9a-f]{64}$/);
  expect(await inputs({})).toBe(before);
  expect(await inputs({ cpuPool: { max: 7 } })).toBe(before); // a pool is a resource of its own
  expect(await inputs({ version: "1.35" })).not.toBe(before);
});

test("the Gateway API waits for the node pools, and the kubeconfig for the Gateway API", async () => {
  const needed = new Map<string, pulumi.Resource[]>();
  const transformation: pulumi.ResourceTransformation = ({ type, name, opts, props }) => {
    if (type === DEPLOYMENT) needed.set(name, opts.dependsOn as pulumi.Resource[]);
    return { props, opts };
  };
  await build({ gateway: true }, { transformations: [transformation] });
  const names = async (name: string): Promise<(string | undefined)[]> =>
    (await Promise.all((needed.get(name) ?? []).map(({ urn }) => valueOf(urn)))).map((urn) =>
      urn.split("::").at(-1),
    );
  expect(await names("cluster-gateway-api")).toEqual(["cluster-cpu"]);
  expect(await names("cluster-authority")).toContain("cluster-gateway-api");
  expect(await dependenciesOf(aks.kubeconfig)).toContain(`${DEPLOYMENT} cluster-authority`);
});
