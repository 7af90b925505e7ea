import { parsePath } from "../../local/engine/values/property-path.ts";
import { parseProviderReference } from "../../local/engine/urn.ts";
import type { StepRecord } from "../../local/engine/summary.ts";
import { UNKNOWN_SENTINEL } from "../../local/engine/values/signatures.ts";
import type { Planned, PreviewReport } from "./report.ts";

/** The document of `pulumi preview --json`. @see https://github.com/pulumi/pulumi/blob/master/sdk/go/common/display/json.go */
export interface PreviewDigest {
  config?: Record<string, string>;
  steps?: PreviewStep[];
  diagnostics?: { urn?: string; message?: string; severity?: string }[];
  /** Nanoseconds: a time.Duration of Go. */
  duration?: number;
  changeSummary?: Record<string, number>;
  /** Our own field, beside those of the CLI. */
  slipway: Pick<PreviewReport, "stack" | "engine" | "against" | "policy" | "cost">;
}

interface PreviewStep extends Pick<StepRecord, "op" | "urn" | "provider" | "oldState" | "newState"> {
  diffReasons?: string[];
  replaceReasons?: string[];
  /** The CLI prints null where there is none. */
  detailedDiff: StepRecord["detailedDiff"] | null;
}

/** Builds the document that the CLI prints: every step with its urn, secrets masked, unknown values as Pulumi's sentinel. */
export function previewDigest(
  { steps, diagnostics, durationMs, counts }: Planned,
  about: PreviewDigest["slipway"],
  config: Record<string, string>,
): PreviewDigest {
  const summary = Object.entries(counts).filter(([, count]) => count > 0);
  return {
    ...(Object.keys(config).length > 0 ? { config } : {}),
    steps: steps.map(toPreviewStep),
    ...(diagnostics.length > 0 ? { diagnostics } : {}),
    duration: Math.round(durationMs * 1e6),
    changeSummary: Object.fromEntries(summary),
    slipway: about,
  };
}

function toPreviewStep(step: StepRecord): PreviewStep {
  const { op, urn, provider, oldState, newState, detailedDiff, replaceReasons = [] } = step;
  const diffReasons = op === "update" ? topLevel(Object.keys(detailedDiff ?? {})) : [];
  return {
    op,
    urn,
    ...(provider === undefined ? {} : { provider: withId(provider) }),
    ...(oldState === undefined ? {} : { oldState }),
    ...(newState === undefined ? {} : { newState }),
    ...(diffReasons.length > 0 ? { diffReasons } : {}),
    ...(replaceReasons.length > 0 ? { replaceReasons: topLevel(replaceReasons) } : {}),
    detailedDiff: detailedDiff ?? null,
  };
}

/** The CLI names properties, not paths, as reasons. */
function topLevel(paths: readonly string[]): string[] {
  return [...new Set(paths.map((path) => String(parsePath(path)[0] ?? path)))];
}

/** A provider that is only planned has an unknown id. */
function withId(reference: string): string {
  const { urn, id } = parseProviderReference(reference);
  return `${urn}::${id === "" ? UNKNOWN_SENTINEL : id}`;
}
