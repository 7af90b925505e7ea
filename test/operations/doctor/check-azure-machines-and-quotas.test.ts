import { describe, expect, it } from "vitest";
import type { Finding } from "../../../operations/doctor/finding.ts";
import { provisionedDemand } from "../../../operations/doctor/provisioned-demand.ts";
import { planned, run, sku, usage } from "./azure-account.ts";
import { lines } from "./fake-cloud-cli.ts";
import type { Planned } from "./planned.ts";

describe("machines and quotas of a subscription of Azure", () => {
  it("has ten vCPUs of the family, a machine in other zones, and one that is closed to it", async () => {
    const found = await run({
      "vm list-usage": [usage("standardDDSv5Family", 10), usage("cores", 20), usage("lowPriorityCores", 0)],
      "vm list-skus": [
        sku("Standard_D4ds_v5", "standardDDSv5Family", ["1", "2"]),
        sku("Standard_NC4as_T4_v3", "Standard NCASv3_T4 Family", ["1"], {
          restrictions: [{ type: "Location", reasonCode: "NotAvailableForSubscription" }],
        }),
      ],
    });
    expect(lines(found["Machines and quotas"] ?? [])).toEqual([
      "wrong machine Standard_D4ds_v5 for system: in zones 1, 2",
      "wrong machine Standard_D4ds_v5 for cpu: in zones 1, 2",
      "wrong machine Standard_NC4as_T4_v3 for training: closed to this subscription (NotAvailableForSubscription)",
      "wrong vCPUs: standardDDSv5Family: 10",
      "wrong vCPUs: cores: 20: enough for the first up alone",
      "wrong vCPUs: lowPriorityCores: 0: enough for the first up alone",
    ]);
  });

  it("has too few vCPUs for the nodes that AKS may create by itself", async () => {
    const limits = { maxVcpus: 80, maxMemoryGib: 320, spot: true };
    const found = await run({}, { provisioned: provisionedDemand("azure", limits) });
    const vcpus = (found["Machines and quotas"] ?? []).filter(({ subject }) => subject.startsWith("vCPUs"));
    expect(vcpus.map(({ subject, state, needed }) => `${state} ${subject}: ${needed}`)).toEqual([
      "ok vCPUs: standardDDSv5Family: 20 at first, 56 when all pools are full",
      "wrong vCPUs: cores: 20 at first, 136 when all pools are full",
      "ok vCPUs: lowPriorityCores: 0 at first, 96 when all pools are full",
    ]);
  });

  describe("closes zones to the subscription", () => {
    const closed = (...zones: string[]): object => ({
      restrictions: [
        {
          type: "Zone",
          reasonCode: "NotAvailableForSubscription",
          restrictionInfo: { locations: ["germanywestcentral"], zones },
        },
      ],
    });
    const gpu = "Standard_NC4as_T4_v3";
    const [cluster, cpu, training] = planned as [Planned, Planned, Planned];
    const everywhere: Planned[] = [
      cluster,
      cpu,
      { ...training, inputs: { ...training.inputs, availabilityZones: ["1", "2", "3"] } },
    ];
    const findings = async (zones: string[], more: object): Promise<Finding[]> => {
      const found = await run(
        {
          "vm list-skus": [
            sku("Standard_D4ds_v5", "standardDDSv5Family", ["1", "2", "3"], closed("2")),
            sku(gpu, "Standard NCASv3_T4 Family", zones, more),
          ],
        },
        { planned: everywhere },
      );
      return (found["Machines and quotas"] ?? []).filter(({ subject }) => subject.startsWith("machine"));
    };

    it("and says what to write: zones of a GPU pool, or those of the cluster", async () => {
      expect(await findings(["2", "1", "3"], closed("1", "2"))).toMatchObject([
        {
          state: "wrong",
          found: "in zones 1, 3; closed to this subscription in 2",
          fix: 'cluster.zones: ["1","3"], or choose another machine, or ask Azure\'s support to open the zones',
        },
        { state: "wrong", subject: "machine Standard_D4ds_v5 for cpu" },
        {
          state: "wrong",
          subject: "machine Standard_NC4as_T4_v3 for training",
          found: "in zones 3; closed to this subscription in 1, 2",
          fix: expect.stringContaining('cluster.gpuPools.training.zones: ["3"]') as string,
        },
      ]);
    });

    it("all of them, so that no zone can be named", async () => {
      const [, , found] = await findings(["1", "2", "3"], closed("1", "2", "3"));
      expect(found).toMatchObject({
        state: "wrong",
        found: "there, in no zone; closed to this subscription in 1, 2, 3",
        fix: "choose another machine, or ask Azure's support to open the zones",
      });
    });

    it("or has the machine without zones: a GPU pool then has none", async () => {
      const [, , found] = await findings([], {});
      expect(found).toMatchObject({
        found: "there, in no zone",
        fix: "cluster.gpuPools.training.zones: [], or choose another machine",
      });
    });
  });

  it("counts the nodes of pools that stay at one size, as beside node auto-provisioning, and asks for encryption at host", async () => {
    const fixed = {
      vmSize: "Standard_D4ds_v5",
      count: 3,
      enableAutoScaling: false,
      enableEncryptionAtHost: true,
    };
    const found = await run(
      {
        "vm list-usage": [usage("standardDDSv5Family", 20), usage("cores", 100)],
        "feature show": { properties: { state: "NotRegistered" } },
      },
      {
        planned: [
          {
            type: "azure-native:containerservice:ManagedCluster",
            name: "cluster",
            inputs: { kubernetesVersion: "1.36", agentPoolProfiles: [{ name: "system", ...fixed }] },
          },
          { type: "azure-native:containerservice:AgentPool", name: "cpu", inputs: fixed },
        ],
      },
    );
    expect(lines(Object.values(found).flat()).filter((line) => line.startsWith("wrong"))).toEqual([
      "wrong feature Microsoft.Compute/EncryptionAtHost: NotRegistered",
      "wrong vCPUs: standardDDSv5Family: 20",
    ]);
  });
});
