import { buildReport, type PreviewReport } from "./report.ts";
import { previewDigest, type PreviewDigest } from "./preview-digest.ts";
import { estimateStack } from "./estimate-stack.ts";
import type { Planned } from "./report.ts";
import type { StackNeeds } from "./stack-needs.ts";
import type { Summary } from "../../local/engine/summary.ts";

/** A stack's preview: `report` for people, `digest` for tools. */
export interface StackPreview {
  report: PreviewReport;
  digest: PreviewDigest;
}

/** Combines a plan, the verdict of the policies and the cost estimate into a preview. */
export function describePlan(
  needs: StackNeeds,
  planned: Planned & Partial<Pick<Summary, "policy">>,
  about: { projectDir: string; engine: string; against: string; compares: boolean },
): StackPreview {
  const { projectDir, engine, against, compares } = about;
  const policy = planned.policy !== undefined && planned.policy.packs.length > 0 ? planned.policy : undefined;
  const cost = estimateStack(planned.steps, compares, projectDir);
  const facts = {
    stack: needs.stack,
    engine,
    against,
    ...(policy === undefined ? {} : { policy }),
    cost,
  };
  return { report: buildReport(planned, facts), digest: previewDigest(planned, facts, needs.config) };
}
