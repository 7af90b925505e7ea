import { expect, test } from "vitest";
import { autoscalerVersionWarning } from "../../../../components/aws/cluster/autoscaler-version.ts";
import { dividePool } from "../../../../components/aws/cluster/divide-pool.ts";
import {
  EKS_ADD_ON_VERSIONS,
  EKS_ADD_ONS,
  eksAddOnVersion,
} from "../../../../components/aws/cluster/eks-add-on-versions.ts";
import { EKS_VERSIONS } from "../../../../components/aws/cluster/eks-versions.ts";
import { spotMachines } from "../../../../components/aws/cluster/spot-machines.ts";

test("every version of Kubernetes has a version of every add-on, and kube-proxy has its minor version", () => {
  expect(Object.keys(EKS_ADD_ON_VERSIONS)).toEqual(Object.keys(EKS_VERSIONS));
  for (const [kubernetes, versions] of Object.entries(EKS_ADD_ON_VERSIONS)) {
    expect(Object.keys(versions).sort()).toEqual([...EKS_ADD_ONS].sort());
    expect(versions["kube-proxy"]).toContain(`v${kubernetes}.`);
    for (const version of Object.values(versions)) expect(version).toMatch(/^v\d+\.\d+\.\d+-eksbuild\.\d+$/);
  }
});

test("refuses a version of Kubernetes whose add-ons are not known", () => {
  expect(() => eksAddOnVersion("coredns", "1.40")).toThrow(
    "coredns: version must be known for Kubernetes 1.40, got none; add it to EKS_ADD_ON_VERSIONS",
  );
});

test("a pool is divided over the zones as evenly as possible", () => {
  expect(dividePool({ min: 2, max: 10 }, 3, "cpu")).toEqual([
    { min: 1, max: 4 },
    { min: 1, max: 3 },
    { min: 0, max: 3 },
  ]);
  expect(dividePool({ min: 3, max: 3 }, 2, "cpu")).toEqual([
    { min: 2, max: 2 },
    { min: 1, max: 1 },
  ]);
  expect(() => dividePool({ min: 4, max: 3 }, 2, "cpu")).toThrow("cpu: max must be at least 4, got 3");
});

test.each([
  ["m7i.2xlarge", ["m7i.2xlarge", "m7a.2xlarge", "m6i.2xlarge", "m6a.2xlarge"]],
  ["g6.xlarge", ["g6.xlarge", "g6.2xlarge", "g6.4xlarge", "g6.8xlarge"]],
  ["g6.12xlarge", ["g6.12xlarge"]],
  ["p4d.24xlarge", ["p4d.24xlarge"]],
  ["inf2.xlarge", ["inf2.xlarge"]],
])("a spot pool of %s also takes machines that can run the same pods", (machine, machines) => {
  expect(spotMachines(machine)).toEqual(machines);
});

test("warns about an autoscaler for another version of Kubernetes", () => {
  const source = "registry.k8s.io/autoscaling/cluster-autoscaler:v1.35.2";
  expect(autoscalerVersionWarning(source, "1.35")).toBeUndefined();
  expect(autoscalerVersionWarning("built here", "1.36")).toBeUndefined();
  expect(autoscalerVersionWarning(source, "1.36")).toBe(
    "cluster-autoscaler: the image must be of version 1.36, that of the cluster, got 1.35; change its reference in images.sources.json, take the digest away and run npm run lock -- --stack NAME",
  );
});
