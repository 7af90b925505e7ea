import { z } from "zod";
import { isAnywhere } from "../rule/anywhere.ts";
import type { Field } from "../rule/field.ts";
import { must, rule, types } from "../rule/rule.ts";
import type { ResourceRule } from "../rule/rule.ts";

const CLUSTER = types("aws:eks/cluster:Cluster");
const LOGS = ["api", "audit", "authenticator", "controllerManager", "scheduler"];

/** Returns the networks of the public endpoint that are the whole internet. */
function openCidrs(vpc: Field): Field[] {
  const cidrs = vpc.at("publicAccessCidrs");
  return cidrs.items().filter(isAnywhere);
}

export const eksRules: ResourceRule[] = [
  rule({
    name: "aws-eks-control-plane-logs",
    title: "EKS keeps all logs of the control plane",
    severity: "medium",
    source: ["CKV_AWS_37", "AVD-AWS-0038"],
    fix: `set \`enabledClusterLogTypes\` to ${LOGS.join(", ")}`,
    types: CLUSTER,
    config: { logs: z.array(z.string()).default(LOGS) },
    check: ({ properties }, report, { logs }) => {
      const enabled = properties.at("enabledClusterLogTypes");
      const missing = logs.filter((log) => !enabled.mayInclude(log));
      if (missing.length > 0) report(`${enabled.path} must include ${missing.join(", ")}`);
    },
  }),
  rule({
    name: "aws-eks-no-open-endpoint",
    title: "The endpoint of EKS is not open to the internet",
    severity: "critical",
    source: ["CKV_AWS_38"],
    fix: "switch off `vpcConfig.endpointPublicAccess`, or limit it with `publicAccessCidrs`",
    types: CLUSTER,
    check: ({ properties }, report) => {
      const vpc = properties.at("vpcConfig");
      if (vpc.isUnknown || vpc.at("endpointPublicAccess").mayBe(false)) return;
      for (const cidr of openCidrs(vpc)) report(`${cidr.path} must not be ${cidr.shown}`);
      if (vpc.at("publicAccessCidrs").isEmpty)
        report(
          "vpcConfig.publicAccessCidrs must limit the public endpoint: without them it is open to 0.0.0.0/0",
        );
    },
  }),
  rule({
    name: "aws-eks-private-endpoint",
    title: "EKS has a private endpoint for nodes and operators",
    severity: "high",
    source: ["CKV_AWS_39"],
    fix: "set `vpcConfig.endpointPrivateAccess: true`, and switch off `endpointPublicAccess`",
    types: CLUSTER,
    config: {
      /** Allow a public endpoint in addition to the private one; aws-eks-no-open-endpoint limits its networks. */
      allowPublic: z.boolean().default(true),
    },
    check: ({ properties }, report, { allowPublic }) => {
      must(properties.at("vpcConfig.endpointPrivateAccess"), [true], report);
      if (!allowPublic) must(properties.at("vpcConfig.endpointPublicAccess"), [false], report);
    },
  }),
  rule({
    name: "aws-eks-secrets-encryption",
    title: "EKS encrypts Kubernetes secrets with its own KMS key",
    severity: "high",
    source: ["CKV_AWS_58", "AVD-AWS-0039"],
    fix: 'set `encryptionConfig` with `resources: ["secrets"]` and a KMS key',
    types: CLUSTER,
    check: ({ properties }, report) => {
      const encryption = properties.at("encryptionConfig");
      if (!encryption.at("resources").mayInclude("secrets"))
        report("encryptionConfig.resources must include secrets");
      else if (encryption.at("provider.keyArn").isEmpty)
        report("encryptionConfig.provider.keyArn must be set");
    },
  }),
];
