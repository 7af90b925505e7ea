// Clusters without a way to the internet.
import { expect, test } from "vitest";
import { vpcEndpoints } from "../../../../stacks/config/schema/vpc-endpoints.ts";
import { parseLayers } from "../parse-layers.ts";
import { aks, cloud, eks, gke } from "./clouds.ts";

type Keys = Record<string, unknown>;
const REGISTRIES = { eks: "ecr", gke: "artifact-registry", aks: "acr" } as const;
const parse = (cluster: Keys & { kind: keyof typeof REGISTRIES }, alerts: Keys = { receiver: "local" }) =>
  parseLayers({
    cluster,
    cloud,
    registry: { kind: REGISTRIES[cluster.kind] },
    images: { lockFile: "images.lock.json" },
    alerts,
    environments: { production: {} },
  });

test("EKS and GKE may have no NAT", () => {
  expect(() => parse({ ...eks, nat: "none" })).not.toThrow();
  expect(() => parse({ ...gke, nat: "none" })).not.toThrow();
});

test("a network without NAT has endpoints also for the targets of the stack", () => {
  expect(vpcEndpoints({ nat: "none" }, { targets: ["sagemaker"] })).toContain("sagemaker.runtime");
  expect(vpcEndpoints({ nat: "none" }, { targets: [] })).not.toContain("sagemaker.runtime");
  expect(vpcEndpoints({ nat: "one" }, { targets: ["sagemaker"] })).toBeUndefined();
});

test.each<[string, () => unknown, string]>([
  [
    "Slack, which is not reachable",
    () => parse({ ...gke, nat: "none" }, { receiver: "slack", slackUrlSecret: "slack" }),
    "slipway:alerts.receiver: must be local if cluster.nat is none: Alertmanager could not reach Slack",
  ],
  [
    "endpoints without one that the stack needs",
    () => parse({ ...eks, nat: "none", vpcEndpoints: ["ecr.api", "ecr.dkr", "sts"] }),
    "slipway:cluster.vpcEndpoints: must contain autoscaling, ec2, ec2messages, eks, eks-auth, elasticloadbalancing, kms, logs, monitoring, secretsmanager, ssm, ssmmessages if cluster.nat is none",
  ],
  [
    "one NAT for a zone on GKE",
    () => parse({ ...gke, nat: "zone" }),
    'slipway:cluster.nat: must be "none", got "zone"',
  ],
  [
    "no NAT on AKS",
    () => parse({ ...aks, nat: "none" }),
    "slipway:cluster.nat: must be left out: an AKS cluster without a way out needs a registry before it",
  ],
])("refuses %s", (_title, run, message) => {
  expect(run).toThrow(message);
});
