import type * as pulumi from "@pulumi/pulumi";

interface AutoscaleRule {
  metricTrigger: {
    metricName: string;
    metricResourceUri: pulumi.Input<string>;
    timeGrain: string;
    timeWindow: string;
    statistic: "Average";
    timeAggregation: "Average";
    operator: "GreaterThan" | "LessThan";
    threshold: number;
  };
  scaleAction: { direction: "Increase" | "Decrease"; type: "ChangeCount"; value: string; cooldown: string };
}

export interface AutoscaleProfile {
  name: string;
  capacity: { minimum: string; maximum: string; default: string };
  rules: AutoscaleRule[];
}

/** Returns a profile that adds an instance above 70 % CPU use, and removes one below 30 %. */
export function autoscaleProfile(
  resourceId: pulumi.Input<string>,
  minimum: number,
  maximum: number,
): AutoscaleProfile {
  const rule = (
    operator: AutoscaleRule["metricTrigger"]["operator"],
    threshold: number,
    direction: AutoscaleRule["scaleAction"]["direction"],
    cooldown: string,
  ): AutoscaleRule => ({
    metricTrigger: {
      metricName: "CpuUtilizationPercentage",
      metricResourceUri: resourceId,
      timeGrain: "PT1M",
      timeWindow: "PT5M",
      statistic: "Average",
      timeAggregation: "Average",
      operator,
      threshold,
    },
    scaleAction: { direction, type: "ChangeCount", value: "1", cooldown },
  });
  return {
    name: "by-cpu",
    capacity: { minimum: String(minimum), maximum: String(maximum), default: String(minimum) },
    rules: [rule("GreaterThan", 70, "Increase", "PT1M"), rule("LessThan", 30, "Decrease", "PT10M")],
  };
}
