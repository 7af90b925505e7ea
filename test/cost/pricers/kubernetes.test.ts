import { describe, expect, test } from "vitest";
import { planned } from "../planned.ts";
import { estimate } from "../round-prices.ts";

describe("the cost of a plan", () => {
  test("includes only volumes and load balancers among Kubernetes objects", () => {
    const cluster = planned("aws:eks/cluster:Cluster", "cluster");
    const claim = { spec: { resources: { requests: { storage: "20Gi" } } } };
    const { byResource, unpriced } = estimate(
      cluster,
      planned("kubernetes:apps/v1:Deployment", "deployment", { spec: { replicas: 3 } }),
      planned("kubernetes:core/v1:Service", "inside", { spec: { type: "ClusterIP" } }),
      planned("kubernetes:core/v1:Service", "outside", { spec: { type: "LoadBalancer" } }),
      planned("kubernetes:gateway.networking.k8s.io/v1:HTTPRoute", "route"),
      planned("kubernetes:core/v1:PersistentVolumeClaim", "claim", claim),
      planned("kubernetes:apps/v1:StatefulSet", "redis", {
        spec: { replicas: 3, volumeClaimTemplates: [claim] },
      }),
    );
    expect(byResource.map(({ name, monthly }) => [name, monthly.expected])).toEqual([
      ["cluster", 73],
      ["redis", 6],
      ["claim", 2],
      ["outside", 22.9], // 730 × 0.03 + 100 GiB × 0.01
    ]);
    expect(unpriced).toEqual([]);
  });

  test("includes what AKS makes for a Gateway: a load balancer and its address", () => {
    const gateway = { spec: { gatewayClassName: "approuting-istio" } };
    const { byResource, unpriced } = estimate(
      planned("azure-native:containerservice:ManagedCluster", "cluster"),
      planned("kubernetes:gateway.networking.k8s.io/v1:Gateway", "entry", gateway),
    );
    expect(byResource.map(({ name, monthly }) => [name, monthly.expected])).toEqual([
      ["entry", 22.4], // 730 × (0.025 + 0.005) + 100 GiB × 0.005
    ]);
    expect(unpriced).toEqual([]);
  });
});
