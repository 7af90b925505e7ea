import type { Summary } from "../summary.ts";
import type { Display } from "./display.ts";
import { formatDrift } from "./format-drift.ts";
import { formatSummary } from "./format-summary.ts";
import { label } from "./label.ts";
import { formatViolation, lineDisplay } from "./line-display.ts";
import { ProgressTree } from "./progress-tree.ts";

const REDRAW_MS = 150;

export interface TerminalStream {
  isTTY?: boolean;
  columns?: number;
  rows?: number;
  write(text: string): unknown;
}

/** Shows a run on a terminal as a tree that is redrawn. Output that is not a terminal, and previews, get lines. */
export function terminalDisplay(stream: TerminalStream): Display {
  const lines = lineDisplay({ write: (line) => stream.write(`${line}\n`) });
  return stream.isTTY ? treeDisplay(stream, lines) : lines;
}

function treeDisplay(stream: TerminalStream, lines: Display): Display {
  const tree = new ProgressTree();
  let timer: NodeJS.Timeout | undefined;
  let action = "";
  let drawn = 0;

  const erase = (): void => {
    if (drawn > 0) stream.write(`\x1b[${drawn}A\x1b[0J`);
    drawn = 0;
  };
  const draw = (maxLines = (stream.rows ?? 24) - 2): void => {
    erase();
    const columns = stream.columns ?? 80;
    const text = tree
      .lines(performance.now(), maxLines)
      .map((line) => [...line].slice(0, columns - 1).join(""));
    if (text.length > 0) stream.write(`${text.join("\n")}\n`);
    drawn = text.length;
  };
  /** Prints lines that stay on the screen, above the tree. */
  const print = (...text: string[]): void => {
    erase();
    for (const line of text) stream.write(`${line}\n`);
    if (timer) draw();
  };

  return {
    started(name, stack) {
      action = name;
      lines.started(action, stack);
      if (action !== "preview") timer = setInterval(() => draw(), REDRAW_MS).unref();
    },
    stepStarted: (step) => tree.update(step, "running", performance.now()),
    stepDone(step, elapsedMs) {
      tree.update(step, "done", performance.now(), elapsedMs);
      if (!timer) lines.stepDone(step, elapsedMs);
    },
    stepFailed(step, elapsedMs, reasons) {
      tree.update(step, "failed", performance.now(), elapsedMs);
      const details = reasons.join("\n").split("\n");
      print(`! ${label(step.urn)}: failed to ${step.op}`, ...details.map((line) => `    ${line}`));
    },
    skipped: (urn) => tree.skip(urn),
    status: (urn, message) => tree.say(urn, message),
    log(severity, message, urn) {
      if (severity === "debug") return;
      const prefix = `  ${urn ? `${label(urn)}: ` : ""}${severity === "info" ? "" : `${severity}: `}`;
      print(...message.split("\n").map((line) => prefix + line));
    },
    drifted: (drift) => print(...formatDrift(drift, action)),
    policyViolation: (violation) => print(...formatViolation(violation)),
    finished(summary: Summary) {
      clearInterval(timer);
      erase();
      if (timer) draw(Infinity);
      timer = undefined;
      drawn = 0;
      for (const line of formatSummary(summary)) stream.write(`${line}\n`);
    },
  };
}
