import { z } from "zod";
import { MANAGED_KUBERNETES, unsupported } from "../../cost/estimate/kubernetes-support.ts";
import { rule, types } from "../rule/rule.ts";
import type { ResourceRule, Subject } from "../rule/rule.ts";

const CLUSTERS = types(...Object.keys(MANAGED_KUBERNETES));

/** Reports a cluster whose version is out of standard support in `days` days. */
function checkSupport(
  { type, properties }: Subject,
  report: (message: string) => void,
  days: number,
  today: string,
): void {
  const managed = MANAGED_KUBERNETES[type];
  const { text } = properties.at(managed?.path ?? "");
  if (managed === undefined || text === undefined) return;
  const day = new Date(Date.parse(today) + days * 86_400_000).toISOString().slice(0, 10);
  const why = unsupported(text, managed.supportEnds, day);
  if (why !== undefined)
    report(`${managed.path} ${text} of ${managed.service}: ${days > 0 ? `in ${days} days, ` : ""}${why}`);
}

export const versionRules: ResourceRule[] = [
  rule({
    name: "platform-kubernetes-version",
    title: "The Kubernetes version is in standard support",
    severity: "high",
    source: ["CKV_AWS_339"],
    fix: "upgrade the cluster, one minor version at a time",
    types: CLUSTERS,
    config: {
      /** Minimum number of days that the support must still last. */
      minDays: z.number().int().min(0).default(0),
    },
    check: (subject, report, { minDays }, { today }) => checkSupport(subject, report, minDays, today),
  }),
  rule({
    name: "platform-kubernetes-version-ends",
    title: "The Kubernetes version stays in standard support for months",
    severity: "low",
    source: ["CKV_AWS_339"],
    fix: "plan the upgrade of the cluster, one minor version at a time",
    level: "advisory",
    types: CLUSTERS,
    config: {
      /** Number of days before the end of the support from which the policy reports it. */
      days: z.number().int().min(0).default(90),
    },
    check: (subject, report, { days }, { today }) => {
      // platform-kubernetes-version reports a version that is out of support already.
      let ended = false;
      checkSupport(subject, () => (ended = true), 0, today);
      if (!ended) checkSupport(subject, report, days, today);
    },
  }),
];
