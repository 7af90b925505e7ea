import { describe, expect, test } from "vitest";
import type { PlannedResource } from "../../../cost/estimate/planned-resource.ts";
import { UNKNOWN } from "../../../cost/estimate/unknown-value.ts";
import { planned } from "../planned.ts";
import { estimate, NODES, scaling } from "../round-prices.ts";

describe("the cost of a plan", () => {
  test("uses the disk of the launch template next to the node group", () => {
    const pool = planned("slipway:cluster:EksNodePool", "cpu");
    const template = planned(
      "aws:ec2/launchTemplate:LaunchTemplate",
      "cpu-template",
      { blockDeviceMappings: [{ ebs: { volumeSize: 4 } }, { ebs: { volumeSize: "96" } }] },
      pool,
    );
    const group = planned(
      NODES,
      "cpu-group",
      { instanceTypes: ["m7i.large"], launchTemplate: { id: UNKNOWN }, scalingConfig: scaling(1, 1) },
      pool,
    );
    expect(estimate(pool, template, group).monthly.expected).toBe(97.6); // 87.60 and 100 GiB
  });

  describe("of a node group has the disk of its own launch template", () => {
    const parent = planned("slipway:cluster:EksNodePool", "pools");
    const template = (name: string, volumeSize: number): PlannedResource => ({
      ...planned(
        "aws:ec2/launchTemplate:LaunchTemplate",
        name,
        { blockDeviceMappings: [{ ebs: { volumeSize } }] },
        parent,
      ),
    });
    const [small, large] = [template("small", 20), template("large", 500)];
    const group = (
      name: string,
      launchTemplate: unknown,
      propertyDependencies?: Record<string, string[]>,
    ): PlannedResource => ({
      ...planned(
        NODES,
        name,
        { instanceTypes: ["m7i.large"], launchTemplate, scalingConfig: scaling(1, 1) },
        parent,
      ),
      ...(propertyDependencies === undefined ? {} : { propertyDependencies }),
    });
    const disks = (...resources: PlannedResource[]) =>
      estimate(parent, small, large, ...resources).byResource.map(({ charges }) =>
        charges.filter(({ what }) => what === "disks of nodes").map(({ quantity }) => quantity.expected),
      );

    test("which its launchTemplate comes from", () => {
      const unknown = { id: UNKNOWN };
      expect(
        disks(
          group("a", unknown, { launchTemplate: [small.urn] }),
          group("b", unknown, { launchTemplate: [large.urn] }),
        ),
      ).toEqual([[20], [500]]);
    });

    test("whose id or name it references", () => {
      const known = { ...large, id: "lt-2" };
      const resources = [small, known, group("a", { id: "lt-2" }), group("b", { name: "small" })];
      const found = estimate(parent, ...resources).byResource.map(
        ({ charges }) => charges[1]?.quantity.expected,
      );
      expect(found).toEqual([500, 20]);
    });

    test("or else lists its disks as unpriced", () => {
      const { unpriced } = estimate(
        parent,
        small,
        large,
        group("a", { id: UNKNOWN }),
        group("b", { id: "lt-9" }),
      );
      expect(unpriced.map(({ name, detail }) => [name, detail])).toEqual([
        ["a", "disks of nodes: launchTemplate is known only after the deployment: it may be small or large"],
        ["b", "disks of nodes: launchTemplate is not in the plan"],
      ]);
    });

    test("or its own disk where it has none", () => {
      expect(disks(group("a", undefined))).toEqual([[20]]);
    });
  });

  test("includes type, IOPS and throughput of a template's volumes", () => {
    const volume = { volumeSize: 100, volumeType: "gp3", iops: 4000, throughput: 225 };
    const template = planned("aws:ec2/launchTemplate:LaunchTemplate", "t", {
      blockDeviceMappings: [{ ebs: volume }, { ebs: { volumeSize: 10, volumeType: "io1", iops: 100 } }],
    });
    const nodes = planned(NODES, "n", {
      instanceTypes: ["m7i.large"],
      launchTemplate: { id: UNKNOWN },
      scalingConfig: scaling(1, 2),
    });
    const [cost] = estimate(template, nodes).byResource;
    expect(cost?.charges.slice(1).map(({ sku, quantity }) => [sku, quantity.min, quantity.max])).toEqual([
      ["gp3", 100, 200],
      ["gp3-iops", 1000, 2000],
      ["gp3-throughput", 100, 200],
      ["io1", 10, 20],
      ["io1-iops", 100, 200],
    ]);
  });

  test("includes detailed monitoring, and a disk whose size the node image decides", () => {
    const template = planned("aws:ec2/launchTemplate:LaunchTemplate", "t", {
      monitoring: { enabled: true },
      blockDeviceMappings: [{ deviceName: "/dev/xvda", ebs: { volumeType: "gp3" } }],
    });
    const nodes = planned(NODES, "n", {
      instanceTypes: ["m7i.large"],
      launchTemplate: { id: UNKNOWN },
      scalingConfig: scaling(1, 3),
    });
    const [cost] = estimate(template, nodes).byResource;
    expect(cost?.charges.slice(1).map(({ sku, quantity }) => [sku, quantity.min, quantity.max])).toEqual([
      ["gp3", 4, 12],
      ["ec2-detailed-monitoring", 1, 3],
    ]);
  });
});
