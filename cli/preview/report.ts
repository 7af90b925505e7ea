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
  /** Changed properties of an update or a replacement. */
  properties: PropertyChange[];
  /** Paths of values that are known only after apply. */
  afterApply: string[];
  /** Paths that force the replacement. */
  replaceReasons: string[];
  /** Data that a delete or a replacement loses. */
  loses?: string;
  /** The state protects it: an `up` refuses to delete or replace it. */
  isProtected: boolean;
}

/** The resources of one of the stack's outermost components. */
export interface ComponentGroup {
  /** Name of the component; empty for resources outside of components. */
  name: string;
  /** Type token of the component; empty for resources outside of components. */
  type: string;
  changes: ResourceChange[];
  unchanged: number;
}

export type Totals = Record<ChangeKind | "same", number>;

/** The result of a preview for the renderers. It has no secrets and depends on no engine and no terminal. */
export interface PreviewReport {
  stack: string;
  /** Name of the engine that planned. */
  engine: string;
  /** The other side of the comparison, such as `main (1a2b3c4)`. */
  against: string;
  durationMs: number;
  totals: Totals;
  /** In the order of the program. */
  groups: ComponentGroup[];
  /** Changes and deletions by hand since the last run. Empty where the run did not compare with the cluster. */
  drift: Drift[];
  failed: Failure[];
  diagnostics: Diagnostic[];
  policy?: PolicyReport;
  cost?: CostReport;
}

/** Packs that judged the plan, and their violations. */
export type PolicyReport = Summary["policy"];

/** Monthly cost of the stack after the plan, and before it. */
export interface CostReport {
  now: CostEstimate;
  /** @default - none: there is nothing to compare with */
  before?: CostEstimate;
}

/** The fields that the plans of both engines have. */
export type Planned = Pick<Summary, "steps" | "counts" | "failed" | "diagnostics" | "durationMs"> &
  Partial<Pick<Summary, "drift">>;

const KINDS: Readonly<Partial<Record<StepRecord["op"], ChangeKind>>> = {
  create: "create",
  update: "update",
  replace: "replace",
  delete: "delete",
  read: "read",
};

/** Builds the report of a plan: its resources by component, with their changes and data losses. */
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

/** Returns the changes that lose data. */
export function dataLosses({ groups }: Pick<PreviewReport, "groups">): ResourceChange[] {
  return groups.flatMap(({ changes }) => changes.filter(({ loses }) => loses !== undefined));
}

/** Whether nothing changes. */
export function isUnchanged({ totals }: Pick<PreviewReport, "totals">): boolean {
  return totals.create + totals.update + totals.replace + totals.delete === 0;
}

/** Sorts components first, then by type and name: the order of a plan varies from run to run. */
function inOrder(a: ResourceChange, b: ResourceChange): number {
  const rank = ({ type }: ResourceChange): number => (type.startsWith("slipway:") ? 0 : 1);
  return rank(a) - rank(b) || compare(a.type, b.type) || compare(a.name, b.name);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Whether a step is a repeated read, which is no change. */
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
