import { expect, it } from "vitest";
import { stackCluster } from "../../../operations/stack/stack-cluster.ts";

it.each<[string, Record<string, unknown>, object]>([
  ["a registry of this machine", { "slipway:registry": { kind: "local" } }, { kind: "local" }],
  [
    "a cluster of the user's",
    {
      "slipway:registry": { kind: "existing" },
      "slipway:cluster": { kind: "existing", context: "c", kubeconfig: "k" },
    },
    { kind: "existing", context: "c", kubeconfig: "k" },
  ],
  ["no word of it", {}, { kind: "existing" }],
  ["a config that is no config", { "slipway:cluster": 7 }, { kind: "existing" }],
  [
    "EKS",
    { "slipway:cluster": { kind: "eks", region: "r" }, "slipway:cloud": { prefix: "acme" } },
    {
      kind: "cloud",
      service: "EKS",
      connect: "aws eks update-kubeconfig --name acme --region r --alias prod",
    },
  ],
  [
    "GKE, even beside a registry of this machine",
    { "slipway:cluster": { kind: "gke", region: "r", project: "p" }, "slipway:registry": { kind: "local" } },
    {
      kind: "cloud",
      service: "GKE",
      connect: "gcloud container clusters get-credentials CLUSTER --region r --project p",
    },
  ],
  ["AKS", { "slipway:cluster": { kind: "aks" } }, { kind: "cloud", service: "AKS" }],
])("reads what a stack stands on: %s", (_title, config, expected) => {
  expect(stackCluster({ stack: "prod", config })).toMatchObject(expected);
});
