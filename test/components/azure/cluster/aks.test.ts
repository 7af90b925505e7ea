import type * as pulumi from "@pulumi/pulumi";
import { beforeAll, expect, test } from "vitest";
import type { Aks } from "../../../../components/azure/cluster/aks.ts";
import { place } from "../azure-stage.ts";
import { dependenciesOf, find, valueOf, type Recorded } from "../../record.ts";
import { ADMINS, aksResources, buildAks, CLUSTER } from "./build-aks.ts";

let resources: Recorded[];
let aks: Aks;
let cluster: Record<string, unknown>;
beforeAll(async () => {
  ({ resources, result: aks } = await buildAks());
  cluster = find(resources, CLUSTER, "cluster-cluster");
});

test("creates a private cluster unless adminCidrs are given", async () => {
  expect(cluster["apiServerAccessProfile"]).toEqual({
    enablePrivateCluster: true,
    enablePrivateClusterPublicFQDN: false,
    privateDNSZone: "system",
    enableVnetIntegration: true,
    subnetId: "network-api-server-subnet-id",
    disableRunCommand: true,
  });
  const open = find(await aksResources({ adminCidrs: ["203.0.113.0/24"] }), CLUSTER, "cluster-cluster");
  expect(open["apiServerAccessProfile"]).toMatchObject({
    enablePrivateCluster: false,
    authorizedIPRanges: ["203.0.113.0/24"],
  });
});

test("stays private for private adminCidrs, with a name that resolves outside of the network", async () => {
  const remote = find(await aksResources({ adminCidrs: ["10.9.0.0/16"] }), CLUSTER, "cluster-cluster");
  expect(remote["apiServerAccessProfile"]).toMatchObject({
    enablePrivateCluster: true,
    enablePrivateClusterPublicFQDN: true,
  });
  const both = find(
    await aksResources({ adminCidrs: ["10.9.0.0/16", "203.0.113.7/32"] }),
    CLUSTER,
    "cluster-cluster",
  );
  expect(both["apiServerAccessProfile"]).toMatchObject({
    enablePrivateCluster: false,
    authorizedIPRanges: ["203.0.113.7"], // AKS refuses private networks there
  });
});

test("encrypts nodes at the host unless the subscription lacks the feature", async () => {
  expect(JSON.stringify(cluster)).toContain('"enableEncryptionAtHost":true');
  const off = await aksResources({ encryptionAtHost: false });
  expect(JSON.stringify(off)).not.toContain('"enableEncryptionAtHost":true');
});

test.each([
  [undefined, true],
  [false, false],
])("with protect %s, the cluster and its volumes are protected: %s", async (protect, isProtected) => {
  const protections: unknown[] = [];
  const transformation: pulumi.ResourceTransformation = ({ type, opts, props }) => {
    if (type === CLUSTER) protections.push(opts.protect);
    return { props, opts };
  };
  await buildAks({ protect }, { transformations: [transformation] });
  expect(protections).toEqual([isProtected]);
});

test("accepts only Entra identities", () => {
  expect(cluster["disableLocalAccounts"]).toBe(true);
  expect(cluster["aadProfile"]).toEqual({
    managed: true,
    enableAzureRBAC: true,
    adminGroupObjectIDs: [ADMINS],
    tenantID: place.tenant,
  });
  expect(
    find(resources, "azure-native:authorization:RoleAssignment", `cluster-admins-${ADMINS}`),
  ).toMatchObject({ principalId: ADMINS, principalType: "Group", scope: "cluster-cluster-id" });
});

test("encrypts secrets in etcd with the given key, in a private vault", () => {
  expect(cluster["securityProfile"]).toMatchObject({
    azureKeyVaultKms: {
      enabled: true,
      keyVaultNetworkAccess: "Private",
      keyVaultResourceId: "keys-vault-id",
    },
    workloadIdentity: { enabled: true },
    imageCleaner: { enabled: true },
  });
});

test("enforces network policies with Cilium, and uses the NAT gateway", () => {
  expect(cluster["networkProfile"]).toMatchObject({
    networkPluginMode: "overlay",
    networkPolicy: "cilium",
    networkDataplane: "cilium",
    outboundType: "userAssignedNATGateway",
  });
});

test("installs patches automatically, and has an SLA", () => {
  expect(cluster["autoUpgradeProfile"]).toEqual({
    upgradeChannel: "patch",
    nodeOSUpgradeChannel: "NodeImage",
  });
  expect(cluster["sku"]).toEqual({ name: "Base", tier: "Standard" });
  expect(cluster["kubernetesVersion"]).toBe("1.36");
});

test("keeps the audit logs of the API server", () => {
  const { logs } = find(resources, "azure-native:monitor:DiagnosticSetting", "cluster-control-plane-logs");
  expect(logs).toEqual(expect.arrayContaining([{ category: "kube-audit-admin", enabled: true }]));
});

test("reads the certificate authority of the API server without a local account", () => {
  const { properties } = find(resources, "azure-native:resources:Deployment", "cluster-authority");
  expect(properties).toMatchObject({
    mode: "Incremental",
    template: {
      resources: [],
      outputs: { kubeconfig: { value: expect.stringContaining("listClusterUserCredential(") as string } },
    },
  });
});

test("the kubeconfig holds no credentials, and waits for the logs, rights and node pools of the cluster", async () => {
  const kubeconfig = await valueOf(aks.kubeconfig);
  expect(kubeconfig).toContain("kubelogin");
  expect(kubeconfig).toContain("https://cluster-cluster.privatelink.westeurope.azmk8s.io");
  expect(await dependenciesOf(aks.kubeconfig)).toContain(
    "azure-native:resources:Deployment cluster-authority",
  );
  const needed: pulumi.Output<string>[] = [];
  const transformation: pulumi.ResourceTransformation = ({ type, opts, props }) => {
    if (type === "azure-native:resources:Deployment")
      needed.push(...(opts.dependsOn as pulumi.Resource[]).map(({ urn }) => urn));
    return { props, opts };
  };
  await buildAks(
    { gpuPools: { t4: { type: "nvidia-t4", count: 1, max: 2 } } },
    { transformations: [transformation] },
  );
  const urns = await Promise.all(needed.map((urn) => valueOf(urn)));
  expect(urns.map((urn) => urn.split("::").at(-1))).toEqual([
    "cluster-control-plane-logs",
    `cluster-admins-${ADMINS}`,
    "cluster-cpu",
    "cluster-t4",
    "cluster-pod-logs-association",
  ]);
});

test("refuses an unsupported version, a cluster without admins and a pool without a machine", async () => {
  await expect(aksResources({ version: "1.30" })).rejects.toThrow("cluster: version must be one of 1.34");
  await expect(aksResources({ adminGroups: [] })).rejects.toThrow(
    "cluster: adminGroups.length must be at least 1, got 0",
  );
  await expect(aksResources({ gpuPools: { cpu: { type: "nvidia-t4", count: 1, max: 1 } } })).rejects.toThrow(
    "rename one",
  );
  await expect(aksResources({ gpuPools: { l4: { type: "nvidia-l4", count: 1, max: 1 } } })).rejects.toThrow(
    "must be a GPU that Azure has",
  );
});
