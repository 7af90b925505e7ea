import type { Op, Step } from "../plan/step.ts";
import { isDefaultProvider } from "../urn.ts";
import type { Summary } from "../summary.ts";
import type { Display } from "./display.ts";
import { formatStep, SIGNS } from "./format-step.ts";
import { formatDrift } from "./format-drift.ts";
import { formatSummary } from "./format-summary.ts";
import { label } from "./label.ts";
import type { PolicyViolation } from "../policy/policy-violation.ts";

const DONE: Record<Op, string> = {
  same: "unchanged",
  create: "created",
  update: "updated",
  delete: "deleted",
  replace: "replaced",
  "create-replacement": "created replacement",
  "delete-replaced": "deleted original",
  read: "read",
  discard: "discarded",
  refresh: "refreshed",
};

export interface LineDisplayOptions {
  write: (line: string) => void;
  /** Shows unchanged resources too. @default false */
  verbose?: boolean;
}

/** Shows one line for each finished step, for logs and output that is not a terminal. A preview adds the changed properties. */
export function lineDisplay({ write, verbose = false }: LineDisplayOptions): Display {
  let action = "";
  const shown = (step: Step): boolean =>
    !isDefaultProvider(step.urn) && (verbose || !["same", "read", "refresh"].includes(step.op));
  return {
    started(name, stack) {
      action = name;
      write(`${action} of ${stack}`);
    },
    stepStarted: () => undefined,
    stepDone(step, elapsedMs) {
      if (!shown(step)) return;
      if (action === "preview") {
        if (step.op === "create-replacement" || step.op === "delete-replaced") return;
        for (const line of formatStep(step)) write(line);
      } else write(`${SIGNS[step.op]} ${label(step.urn)}: ${DONE[step.op]} (${seconds(elapsedMs)})`);
    },
    stepFailed(step, elapsedMs, reasons) {
      write(`! ${label(step.urn)}: failed to ${step.op} (${seconds(elapsedMs)})`);
      for (const line of reasons.join("\n").split("\n")) write(`    ${line}`);
    },
    skipped: (urn, because) => write(`- ${label(urn)}: skipped, because of ${because}`),
    status(urn, message) {
      if (!isDefaultProvider(urn)) write(`  ${label(urn)}: ${message}`);
    },
    log(severity, message, urn) {
      if (severity === "debug") return;
      const where = urn ? `${label(urn)}: ` : "";
      const prefix = severity === "info" ? "" : `${severity}: `;
      for (const line of message.split("\n")) write(`  ${where}${prefix}${line}`);
    },
    drifted: (drift) => formatDrift(drift, action).forEach(write),
    policyViolation: (violation) => formatViolation(violation).forEach(write),
    finished(summary: Summary) {
      for (const line of formatSummary(summary)) write(line);
    },
  };
}

/** Formats a violation as lines: the policy, its enforcement level, the resource and the reason. */
export function formatViolation({ policy, enforcement, severity, urn, message }: PolicyViolation): string[] {
  const how = severity === undefined ? enforcement : `${enforcement}, ${severity}`;
  const where = urn === undefined ? "" : ` ${label(urn)}`;
  return [`! policy ${policy} (${how}):${where}`, ...message.split("\n").map((line) => `    ${line}`)];
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
