import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { stackCluster } from "../../../operations/stack/stack-cluster.ts";

it.each<[string, Record<string, unknown>, object]>([
  ["the local registry", { "slipway:registry": { kind: "local" } }, { kind: "local" }],
  [
    "an existing cluster",
    {
      "slipway:registry": { kind: "existing" },
      "slipway:cluster": { kind: "existing", context: "c", kubeconfig: "k" },
    },
    { kind: "existing", context: "c", kubeconfig: "k" },
  ],
  ["no config", {}, { kind: "existing" }],
  ["a config that is not valid", { "slipway:cluster": 7 }, { kind: "existing" }],
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
    "GKE, even with the local registry",
    { "slipway:cluster": { kind: "gke", region: "r", project: "p" }, "slipway:registry": { kind: "local" } },
    {
      kind: "cloud",
      service: "GKE",
      connect:
        "gcloud container clusters get-credentials " +
        `"$(gcloud container clusters list --region r --project p --filter='name~^cluster-gke-' --format='value(name)')" ` +
        "--region r --project p",
    },
  ],
  [
    "AKS",
    { "slipway:cluster": { kind: "aks", subscription: "s" }, "slipway:cloud": { prefix: "acme" } },
    {
      kind: "cloud",
      service: "AKS",
      connect:
        "az aks get-credentials --subscription s --resource-group acme-slipway --name acme-aks --context prod",
    },
  ],
])(
  "reads the kind of a stack's cluster and the command that connects to it: %s",
  (_title, config, expected) => {
    expect(stackCluster({ stack: "prod", config })).toMatchObject(expected);
  },
);

it("looks for the GKE cluster by the name that the stack gives it", () => {
  const golden = new URL("../../stacks/golden/prod-gcp-foundation.txt", import.meta.url);
  expect(readFileSync(golden, "utf8")).toContain("gcp:container/cluster:Cluster cluster-gke");
});
