import type { CostEstimate } from "../../cost/estimate/cost-estimate.ts";
import type { Drift } from "../../local/engine/plan/drift.ts";
import { parseUrn } from "../../local/engine/urn.ts";
import type { Diagnostic, Failure, StepRecord, Summary } from "../../local/engine/summary.ts";
import { dataHeld } from "./data-bearing.ts";
import { propertyChanges, unknownPaths, type PropertyChange } from "./property-changes.ts";

export type ChangeKind = "create" | "update" | "replace" | "delete" | "read";

export interface ResourceChange {
  kind: ChangeKind;
  urn: string;
  type: string;
  name: string;
  /** What an update or a replacement changes. */
  properties: PropertyChange[];
  /** Paths of what is known only after apply. */
  afterApply: string[];
  /** Paths that force the replacement. */
  replaceReasons: string[];
  /** What a delete or a replacement loses. */
  loses?: string;
  /** The state protects it: an `up` refuses to delete or replace it. */
  isProtected: boolean;
}

/** What belongs to one of the stack's outermost components. */
export interface ComponentGroup {
  /** Name of the component; empty for what has none. */
  name: string;
  /** Its type token; empty for what has none. */
  type: string;
  changes: ResourceChange[];
  unchanged: number;
}

export type Totals = Record<ChangeKind | "same", number>;

/** What a preview found, for the renderers: no secret, no terminal, no engine. */
export interface PreviewReport {
  stack: string;
  /** Which engine planned, and how far it can be believed. */
  engine: string;
  /** What the program was compared with, such as `main (1a2b3c4)`. */
  against: string;
  durationMs: number;
  totals: Totals;
  /** In the order of the program. */
  groups: ComponentGroup[];
  /** What people changed or deleted by hand since the last run. Empty where the run did not compare with the cluster. */
  drift: Drift[];
  failed: Failure[];
  diagnostics: Diagnostic[];
  policy?: PolicyReport;
  cost?: CostReport;
}

/** What the policy packs said. */
export type PolicyReport = Summary["policy"];

/** What the stack costs per month, and what it was compared with. */
export interface CostReport {
  now: CostEstimate;
  /** Absent where there was nothing to compare with. */
  before?: CostEstimate;
}

/** What the engines have in common. */
export type Planned = Pick<Summary, "steps" | "counts" | "failed" | "diagnostics" | "durationMs"> &
  Partial<Pick<Summary, "drift">>;

const KINDS: Readonly<Partial<Record<StepRecord["op"], ChangeKind>>> = {
  create: "create",
  update: "update",
  replace: "replace",
  delete: "delete",
  read: "read",
};

/** Sums a plan up: its resources by component, what changes in each, and what would be lost. */
export function buildReport(
  planned: Planned,
  about: Pick<PreviewReport, "stack" | "engine" | "against" | "policy" | "cost">,
): PreviewReport {
  const parents = new Map<string, string | undefined>();
  for (const { urn, newState, oldState } of planned.steps)
    parents.set(urn, (newState ?? oldState)?.["parent"] as string | undefined);
  const groups = new Map<string, ComponentGroup>();
  for (const step of planned.steps) {
    const kind = KINDS[step.op];
    if (kind === undefined && step.op !== "same") continue; // parts of a replacement
    const component = outermostComponent(step.urn, parents);
    const { type = "", name = "" } = component === undefined ? {} : parseUrn(component);
    const group = groups.get(component ?? "") ?? { name, type, changes: [], unchanged: 0 };
    groups.set(component ?? "", group);
    if (kind === undefined || isQuiet(step, kind)) group.unchanged++;
    else group.changes.push(toChange(step, kind));
  }
  const { counts } = planned;
  return {
    ...about,
    durationMs: planned.durationMs,
    totals: {
      create: counts.create,
      update: counts.update,
      replace: counts.replace,
      delete: counts.delete,
      read: counts.read,
      same: counts.same,
    },
    groups: [...groups.values()].map((group) => ({ ...group, changes: group.changes.sort(inOrder) })),
    drift: planned.drift ?? [],
    failed: planned.failed,
    diagnostics: planned.diagnostics,
  };
}

/** The changes that lose data, the worst thing that a preview can tell. */
export function dataLosses({ groups }: Pick<PreviewReport, "groups">): ResourceChange[] {
  return groups.flatMap(({ changes }) => changes.filter(({ loses }) => loses !== undefined));
}

/** True where nothing changes. */
export function isUnchanged({ totals }: Pick<PreviewReport, "totals">): boolean {
  return totals.create + totals.update + totals.replace + totals.delete === 0;
}

/** Components first, then by type and name: a plan comes in the order in which its resources got ready, which varies. */
function inOrder(a: ResourceChange, b: ResourceChange): number {
  const rank = ({ type }: ResourceChange): number => (type.startsWith("slipway:") ? 0 : 1);
  return rank(a) - rank(b) || compare(a.type, b.type) || compare(a.name, b.name);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** A read is no change where it was read before. */
function isQuiet({ oldState }: StepRecord, kind: ChangeKind): boolean {
  return kind === "read" && oldState !== undefined;
}

function outermostComponent(
  urn: string,
  parents: ReadonlyMap<string, string | undefined>,
): string | undefined {
  let found: string | undefined;
  for (let at: string | undefined = urn; at !== undefined; at = parents.get(at))
    if (parseUrn(at).type.startsWith("slipway:")) found = at;
  return found;
}

function toChange(step: StepRecord, kind: ChangeKind): ResourceChange {
  const { urn, oldState, newState, replaceReasons = [] } = step;
  const { type, name } = parseUrn(urn);
  const isLost = kind === "delete" || kind === "replace";
  const inputs = (oldState?.["inputs"] ?? {}) as Record<string, unknown>;
  const kept = oldState?.["retainOnDelete"] === true || oldState?.["external"] === true;
  const loses = isLost && !kept ? dataHeld(type, inputs) : undefined;
  return {
    kind,
    urn,
    type,
    name,
    properties: kind === "update" || kind === "replace" ? propertyChanges(step) : [],
    afterApply: kind === "create" ? unknownPaths(newState?.["inputs"]) : [],
    replaceReasons: kind === "replace" ? replaceReasons : [],
    isProtected: isLost && oldState?.["protect"] === true,
    ...(loses === undefined ? {} : { loses }),
  };
}
