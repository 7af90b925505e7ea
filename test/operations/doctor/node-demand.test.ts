// The doctor reads nodes and zones from the plans of real foundations: a pool of a form that it does not know would be left out.
import { expect, test } from "vitest";
import { awsNodeDemand, awsZones } from "../../../operations/doctor/aws/node-demand.ts";
import { azureNodeDemand } from "../../../operations/doctor/azure/node-demand.ts";
import { gcpNodeDemand } from "../../../operations/doctor/gcp/node-demand.ts";
import type { PlannedResource } from "../../../operations/doctor/planned-resource.ts";
import { stack } from "../../stacks/stack.ts";
import { ofStack } from "./planned.ts";

const limits = { maxVcpus: 64, maxMemoryGib: 256 };
const block = {
  type: "nvidia-h100-80gb",
  count: 8,
  max: 2,
  capacity: { kind: "block", id: "cr-0123456789abcdef0", zone: "eu-central-1a" },
};
const plan = async (name: string, cluster: Record<string, unknown>): Promise<PlannedResource[]> =>
  ofStack(await stack(name, {}, { cluster }), { deployed: false });
const countOf = (planned: readonly PlannedResource[], type: string): number =>
  planned.filter((resource) => resource.type === type).length;

test.each([{}, { gpuPools: { h100: block } }, { gpuPools: {}, nodeAutoProvisioning: limits }])(
  "every node group of EKS is asked for: %j",
  async (cluster) => {
    const planned = await plan("prod-foundation", cluster);
    expect(awsNodeDemand(planned)).toHaveLength(countOf(planned, "aws:eks/nodeGroup:NodeGroup"));
  },
);

test("a pool in a capacity block has the machine of its launch template", async () => {
  const demands = awsNodeDemand(await plan("prod-foundation", { gpuPools: { h100: block } }));
  expect(demands).toContainEqual(
    expect.objectContaining({ machine: "p5.48xlarge", max: 2, capacityBlock: "cr-0123456789abcdef0" }),
  );
});

test.each([
  ["eu-central-1", ["eu-central-1a", "eu-central-1b", "eu-central-1c"]],
  ["us-east-1", ["use1-az1", "use1-az2", "use1-az4"]],
  ["ca-central-1", ["cac1-az1", "cac1-az2", "cac1-az4"]],
])("the zones of %s are known", async (region, zones) => {
  expect(awsZones(await plan("prod-foundation", { region }))).toEqual(zones);
});

test.each([{}, { nodeAutoProvisioning: limits }])("every pool of GKE is asked for: %j", async (cluster) => {
  const planned = await plan("prod-gcp-foundation", cluster);
  expect(gcpNodeDemand(planned)).toHaveLength(countOf(planned, "gcp:container/nodePool:NodePool"));
});

test.each([{}, { gpuPools: {}, nodeAutoProvisioning: limits }])(
  "every pool of AKS is asked for, the system pool too: %j",
  async (cluster) => {
    const planned = await plan("prod-azure-foundation", cluster);
    const demands = azureNodeDemand(planned);
    expect(demands).toHaveLength(1 + countOf(planned, "azure-native:containerservice:AgentPool"));
    expect(demands.every(({ encryptsAtHost, min }) => encryptsAtHost && min >= 0)).toBe(true);
  },
);
