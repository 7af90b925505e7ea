import type { Progress } from "../../local/progress.ts";
import type { Summary } from "../../local/engine/summary.ts";
import { OPS } from "../../local/engine/plan/step.ts";
import { parseUrn } from "../../local/engine/urn.ts";
import { withWorktree, type Worktree } from "./base-worktree.ts";
import { describePlan, type StackPreview } from "./compare-stack.ts";
import { stacksOf } from "../../operations/stack/load-stack-file.ts";
import { checkStackConfig, configLines } from "../../operations/check-stack-config.ts";
import { planStack, type PlanOptions } from "./plan-stack.ts";
import { previewPins, previewTarget, withPins, type PreviewTarget } from "./preview-target.ts";
import type { PinCheck } from "../../operations/pinned-models.ts";
import type { Skipped } from "./render-markdown.ts";
import { stackNeeds, type StackNeeds } from "./stack-needs.ts";

export interface PreviewStacksOptions extends Omit<PlanOptions, "from" | "config" | "kubeconfig"> {
  env: NodeJS.ProcessEnv;
  /** @default - every stack that has a file */
  stack?: string;
  /** Branch, tag or commit to compare with. @default - the state of the backend */
  base?: string;
  /** Plans with the CLI where that is possible. @default - the offline engine plans all */
  withCli?: (
    needs: StackNeeds,
    run: { target: PreviewTarget; pins: PinCheck },
  ) => Promise<StackPreview | undefined>;
}

export interface PreviewedStacks {
  previews: StackPreview[];
  skipped: Skipped[];
}

/** Plans one stack or all, against their state or against a base. A stack that was asked for by name is never left out. */
export async function previewStacks(
  options: PreviewStacksOptions,
  progress: Progress,
): Promise<PreviewedStacks> {
  const { base, projectDir, stack } = options;
  const names = stack === undefined ? await stacksOf(projectDir) : [stack];
  const skipped: Skipped[] = [];
  const able: StackNeeds[] = [];
  for (const name of names) {
    const needs = await stackNeeds(projectDir, name);
    const because = lacks(needs);
    if (because === undefined) able.push(needs);
    else if (stack === undefined) skipped.push({ stack: name, because });
    else throw new Error(`stack ${name} ${because}`);
  }
  for (const { stack: name, because } of skipped) progress.note(`stack ${name} is left out: it ${because}`);
  const previews =
    base === undefined
      ? await inTurn(able, (needs) => againstState(needs, options, progress))
      : await withWorktree(projectDir, base, (worktree) =>
          inTurn(able, (needs) => againstBase(needs, { ...options, base }, worktree, progress)),
        );
  return { previews, skipped };
}

/** What of a stack is not there, and how to get it; undefined where it can be planned. */
function lacks({ missing }: StackNeeds): string | undefined {
  if (missing.length === 0) return undefined;
  return `needs ${missing.map(({ path, fix }) => `${path}, which is not there (${fix})`).join("; ")}`;
}

async function againstState(
  needs: StackNeeds,
  options: PreviewStacksOptions,
  progress: Progress,
): Promise<StackPreview> {
  return progress.step(`Plan stack ${needs.stack}`, async () => {
    const { projectDir, env } = options;
    const wrong = await wrongConfig(needs, options);
    if (wrong !== undefined) return wrong;
    const target = await previewTarget(needs, projectDir, env);
    const pins = await previewPins(needs, projectDir, env);
    const real = await options.withCli?.(needs, { target, pins });
    if (real !== undefined) return real;
    const planned = withPins(await planStack(needs, { ...options, ...target }), pins);
    const hadState = planned.steps.some(({ oldState }) => oldState !== undefined);
    const against = hadState ? "the state of the stack" : "nothing: there is no state here";
    return describePlan(needs, planned, {
      projectDir,
      engine: "offline engine",
      against,
      compares: hadState,
    });
  });
}

async function againstBase(
  needs: StackNeeds,
  options: PreviewStacksOptions & { base: string },
  { path, commit }: Worktree,
  progress: Progress,
): Promise<StackPreview> {
  const { base } = options;
  return progress.step(`Plan stack ${needs.stack}, and what it is on ${base}`, async () => {
    const { projectDir, env } = options;
    const wrong = await wrongConfig(needs, options);
    if (wrong !== undefined) return wrong;
    const target = await previewTarget(needs, projectDir, env);
    const from = await planBase(needs, { ...options, ...target }, path);
    const planned = withPins(
      await planStack(needs, { ...options, ...target, from: from ?? [] }),
      await previewPins(needs, projectDir, env),
    );
    const short = `${base} (${commit.slice(0, 7)})`;
    const against = from === undefined ? `nothing: ${short} has no such stack` : short;
    return describePlan(needs, planned, {
      projectDir,
      engine: "offline engine",
      against,
      compares: true,
    });
  });
}

/** The resources that the base's program would make from nothing; undefined where the base has no such stack. */
async function planBase(
  { stack }: StackNeeds,
  options: PreviewStacksOptions & PreviewTarget,
  path: string,
): Promise<Summary["planned"] | undefined> {
  if (!(await stacksOf(path)).includes(stack)) return undefined;
  const needs = await stackNeeds(path, stack);
  const because = lacks(needs);
  if (because !== undefined) throw new Error(`stack ${stack} of ${options.base ?? "the base"} ${because}`);
  const { ok, planned, failed } = await planStack(needs, {
    ...options,
    projectDir: path,
    from: [],
    policies: false,
  });
  if (ok) return planned;
  const reasons = failed.flatMap(({ urn, reasons }) =>
    `${urn === "" ? "" : parseUrn(urn).name} ${reasons.join(" ")}`.trim(),
  );
  throw new Error(`stack ${stack} cannot be planned on ${options.base ?? "the base"}: ${reasons.join("; ")}`);
}

/** What the check of a stack's file found, as a report without a plan; undefined where the program can be run. */
async function wrongConfig(
  needs: StackNeeds,
  { projectDir }: Pick<PreviewStacksOptions, "projectDir">,
): Promise<StackPreview | undefined> {
  const { problems } = await checkStackConfig(needs.file);
  if (problems.length === 0) return undefined;
  const failed = configLines(problems, needs.file).map((line) => ({ urn: "", reasons: [line] }));
  const counts = Object.fromEntries(OPS.map((op) => [op, 0])) as Summary["counts"];
  return describePlan(
    needs,
    { steps: [], counts, failed, diagnostics: [], durationMs: 0 },
    { projectDir, engine: "none: the config is wrong", against: "nothing", compares: false },
  );
}

/** One after the other: two programs at once on two cores gain nothing and need twice the memory. */
async function inTurn<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (const item of items) results.push(await work(item));
  return results;
}
