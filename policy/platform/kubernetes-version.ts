import { z } from "zod";
import { MANAGED_KUBERNETES, unsupported } from "../../cost/estimate/kubernetes-support.ts";
import { rule, types } from "../rule/rule.ts";
import type { ResourceRule } from "../rule/rule.ts";

export const versionRules: ResourceRule[] = [
  rule({
    name: "platform-kubernetes-version",
    title: "The Kubernetes version is in standard support",
    severity: "high",
    source: ["CKV_AWS_339"],
    fix: "upgrade the cluster, one minor version at a time",
    types: types(...Object.keys(MANAGED_KUBERNETES)),
    config: {
      /** Minimum number of days that the support must still last. */
      minDays: z.number().int().min(0).default(0),
    },
    check: ({ type, properties }, report, { minDays }, { today }) => {
      const managed = MANAGED_KUBERNETES[type];
      const { text } = properties.at(managed?.path ?? "");
      if (managed === undefined || text === undefined) return;
      const day = new Date(Date.parse(today) + minDays * 86_400_000).toISOString().slice(0, 10);
      const why = unsupported(text, managed.supportEnds, day);
      if (why !== undefined) report(`${managed.path} ${text} of ${managed.service}: ${why}`);
    },
  }),
];
