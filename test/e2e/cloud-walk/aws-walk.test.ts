import { awsCloud } from "./aws/aws-cloud.ts";
import { walkTheGuide } from "./steps.ts";

walkTheGuide({
  cloud: "AWS",
  stacks: { foundation: "prod-foundation", platform: "prod" },
  foundationEdits: (zone) => ({ "cloud.dns": { zone, delegated: true }, "cluster.version": "1.35" }),
  upgrade: { to: "1.36", type: "aws:eks/cluster:Cluster", versionKey: "version" },
  repositoryType: "aws:ecr/repository:Repository",
  repositoryLayer: "platform",
  secrets: { store: "aws-secrets-manager", nameOf: (secret) => `slipway/${secret}` },
  repositoryPrefix: "",
  start: awsCloud,
});
