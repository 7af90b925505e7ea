import { z } from "zod";
import type { Field } from "../rule/field.ts";
import { globPattern } from "../rule/glob.ts";
import { stackRule } from "../rule/rule.ts";
import type { StackRule, Subject } from "../rule/rule.ts";

const BUDGET =
  /^(aws:budgets\/budget:Budget|gcp:billing\/budget:Budget|azure-native:(consumption|costmanagement):Budget)$/;

/** Families of machines with GPUs, Neuron devices or TPUs. */
const AWS_FAMILIES = /^(p\d|g\d|gr\d|inf\d|trn\d|dl\d)/;
const GCP_FAMILIES = /^(a2|a3|a4|a4x|g2|g4|ct\d)/;
const AZURE_FAMILIES = /^standard_n/i;

interface Pool {
  /** Minimum number of nodes. */
  minNodes: Field;
}

/** Returns the pool if the resource is a node pool with accelerators. Undefined also if its machines are unknown. */
function gpuPool({ type, properties }: Subject): Pool | undefined {
  if (type === "aws:eks/nodeGroup:NodeGroup") {
    const machines = properties.at("instanceTypes").items();
    const gpus = properties.at("amiType").text?.match(/GPU|NVIDIA|NEURON/) ?? null;
    if (!machines.some(({ text }) => AWS_FAMILIES.test(text ?? "")) && gpus === null) return undefined;
    return { minNodes: properties.at("scalingConfig.minSize") };
  }
  if (type === "gcp:container/nodePool:NodePool") {
    const config = properties.at("nodeConfig");
    const hasAccelerators =
      !config.at("guestAccelerators").isEmpty || GCP_FAMILIES.test(config.at("machineType").text ?? "");
    if (!hasAccelerators || config.isUnknown) return undefined;
    const scaling = properties.at("autoscaling");
    if (scaling.isMissing) return { minNodes: properties.at("nodeCount") };
    const total = scaling.at("totalMinNodeCount");
    return { minNodes: total.isMissing ? scaling.at("minNodeCount") : total };
  }
  if (type === "azure-native:containerservice:AgentPool") {
    if (!AZURE_FAMILIES.test(properties.at("vmSize").text ?? "")) return undefined;
    const scales = properties.at("enableAutoScaling").mayBe(true);
    return { minNodes: properties.at(scales ? "minCount" : "count") };
  }
  return undefined;
}

function isProduction(stack: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) => globPattern(pattern).test(stack));
}

export const gpuPoolRules: StackRule[] = [
  stackRule({
    name: "platform-gpu-pools-scale-to-zero",
    title: "GPU pools scale to zero outside of production, or a budget watches them",
    severity: "medium",
    source: ["WAF-COST"],
    fix: "set the minimum size of the pool to 0, or add a budget with alerts to the stack",
    config: { productionStacks: z.array(z.string()).default(["prod", "prod-*", "production"]) },
    checkStack: (subjects, report, { productionStacks }, { stack }) => {
      if (isProduction(stack, productionStacks) || subjects.some(({ type }) => BUDGET.test(type))) return;
      for (const subject of subjects) {
        const minNodes = gpuPool(subject)?.minNodes;
        if (minNodes === undefined || minNodes.isUnknown) continue;
        if (minNodes.isMissing && minNodes.path.startsWith("autoscaling")) continue; // Google's default is 0
        if (minNodes.number !== 0) report(`${minNodes.path} must be 0, got ${minNodes.shown}`, subject.urn);
      }
    },
  }),
];
