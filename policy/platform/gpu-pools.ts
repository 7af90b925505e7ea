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
  /** The least number of nodes. */
  least: Field;
}

/** A pool of nodes with accelerators, as far as its machines are known. */
function gpuPool({ type, properties }: Subject): Pool | undefined {
  if (type === "aws:eks/nodeGroup:NodeGroup") {
    const machines = properties.at("instanceTypes").items();
    const gpus = properties.at("amiType").text?.match(/GPU|NVIDIA|NEURON/) ?? null;
    if (!machines.some(({ text }) => AWS_FAMILIES.test(text ?? "")) && gpus === null) return undefined;
    return { least: properties.at("scalingConfig.minSize") };
  }
  if (type === "gcp:container/nodePool:NodePool") {
    const config = properties.at("nodeConfig");
    const has =
      !config.at("guestAccelerators").isEmpty || GCP_FAMILIES.test(config.at("machineType").text ?? "");
    if (!has || config.isUnknown) return undefined;
    const scaling = properties.at("autoscaling");
    if (scaling.isMissing) return { least: properties.at("nodeCount") };
    const total = scaling.at("totalMinNodeCount");
    return { least: total.isMissing ? scaling.at("minNodeCount") : total };
  }
  if (type === "azure-native:containerservice:AgentPool") {
    if (!AZURE_FAMILIES.test(properties.at("vmSize").text ?? "")) return undefined;
    const scales = properties.at("enableAutoScaling").mayBe(true);
    return { least: properties.at(scales ? "minCount" : "count") };
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
    fix: "let the pool's least size be 0, or add a budget with alerts to the stack",
    config: { productionStacks: z.array(z.string()).default(["prod", "prod-*", "production"]) },
    checkStack: (subjects, report, { productionStacks }, { stack }) => {
      if (isProduction(stack, productionStacks) || subjects.some(({ type }) => BUDGET.test(type))) return;
      for (const subject of subjects) {
        const least = gpuPool(subject)?.least;
        if (least === undefined || least.isUnknown) continue;
        if (least.isMissing && least.path.startsWith("autoscaling")) continue; // 0 is Google's default
        if (least.number !== 0) report(`${least.path} must be 0, got ${least.shown}`, subject.urn);
      }
    },
  }),
];
