import type { Op, Step } from "../plan/step.ts";
import { isDefaultProvider, parseUrn } from "../urn.ts";
import { SIGNS } from "./format-step.ts";

type Phase = "waiting" | "running" | "done" | "failed" | "skipped";

interface Node {
  urn: string;
  parent: string | undefined;
  op: Op;
  phase: Phase;
  /** Last status message of the resource. */
  message: string;
  startedMs: number;
  elapsedMs: number;
}

/** The resources of a run as a tree, each with its current operation. Pure: takes the time and returns lines. */
export class ProgressTree {
  readonly #nodes = new Map<string, Node>();

  update(step: Step, phase: Phase, nowMs: number, elapsedMs = 0): void {
    if (isDefaultProvider(step.urn)) return;
    const known = this.#nodes.get(step.urn);
    // A replacement consists of several operations; its node shows all of them as "replace".
    const op = step.op.endsWith("replacement") || step.op.endsWith("replaced") ? "replace" : step.op;
    const parent = (step.new ?? step.old)?.parent ?? known?.parent;
    const message = phase === "running" ? "" : (known?.message ?? "");
    this.#nodes.set(step.urn, { urn: step.urn, parent, op, phase, message, startedMs: nowMs, elapsedMs });
  }

  skip(urn: string): void {
    const { parent } = this.#nodes.get(urn) ?? { parent: undefined };
    this.#nodes.set(urn, {
      urn,
      parent,
      op: "same",
      phase: "skipped",
      message: "",
      startedMs: 0,
      elapsedMs: 0,
    });
  }

  say(urn: string, message: string): void {
    const node = this.#nodes.get(urn);
    if (node) node.message = message.split("\n")[0] ?? "";
  }

  /** Returns the changing resources below their parents. If there is not room for all, those in progress are cut last. */
  lines(nowMs: number, maxLines = Infinity): string[] {
    const shown = new Set<string>();
    for (const node of this.#nodes.values()) {
      if (node.phase === "done" && (node.op === "same" || node.op === "read")) continue;
      for (let urn: string | undefined = node.urn; urn && !shown.has(urn); urn = this.#nodes.get(urn)?.parent)
        shown.add(urn);
    }
    const children = new Map<string | undefined, Node[]>();
    for (const node of this.#nodes.values()) {
      if (!shown.has(node.urn)) continue;
      const parent = node.parent !== undefined && this.#nodes.has(node.parent) ? node.parent : undefined;
      children.set(parent, [...(children.get(parent) ?? []), node]);
    }
    const all: { text: string; settled: boolean }[] = [];
    const walk = (parent: string | undefined, depth: number): void => {
      for (const node of children.get(parent) ?? []) {
        all.push({ text: "  ".repeat(depth) + describe(node, nowMs), settled: node.phase === "done" });
        walk(node.urn, depth + 1);
      }
    };
    walk(undefined, 0);
    return cut(all, maxLines);
  }
}

/** Removes lines of settled resources, from the top, while there are too many lines. */
function cut(lines: { text: string; settled: boolean }[], maxLines: number): string[] {
  let excess = lines.length - maxLines;
  if (excess <= 0) return lines.map(({ text }) => text);
  excess++;
  const kept = lines.filter(({ settled }) => !(settled && excess-- > 0));
  const left = kept.slice(0, Math.max(maxLines - 1, 0)).map(({ text }) => text);
  return [`  … ${lines.length - left.length} more`, ...left].slice(0, maxLines);
}

const MARKS: Record<Phase, string> = { waiting: " ", running: "…", done: "✓", failed: "✗", skipped: "⊘" };

function describe(node: Node, nowMs: number): string {
  const { type, name } = parseUrn(node.urn);
  const ms = node.phase === "running" ? nowMs - node.startedMs : node.elapsedMs;
  const time = node.op === "same" || node.phase === "skipped" ? "" : ` ${(ms / 1000).toFixed(1)} s`;
  const message = node.phase === "done" || node.message === "" ? "" : `  ${node.message}`;
  return `${MARKS[node.phase]} ${SIGNS[node.op]} ${type} ${name}${time}${message}`;
}
