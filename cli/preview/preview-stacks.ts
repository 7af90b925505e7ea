import type { Progress } from "../../local/progress.ts";
import type { Summary } from "../../local/engine/summary.ts";
import { parseUrn } from "../../local/engine/urn.ts";
import { cloudHint } from "../cloud-hint.ts";
import { withWorktree, type Worktree } from "./base-worktree.ts";
import { checkStack, refusedStack, withWarnings } from "./check-stack.ts";
import { describePlan, type StackPreview } from "./compare-stack.ts";
import { findBackend } from "../../operations/stack/backend.ts";
import { stacksOf } from "../../stacks/config/stacks-of.ts";
import { configLines } from "../../operations/check-stack-config.ts";
import { planStack, type PlanOptions } from "./plan-stack.ts";
import { withPlannedImages } from "./planned-images.ts";
import { previewTarget, type PreviewTarget } from "./preview-target.ts";
import type { Skipped } from "./render-markdown.ts";
import { stackNeeds, type StackNeeds } from "./stack-needs.ts";

export interface PreviewStacksOptions extends Omit<PlanOptions, "from" | "config" | "kubeconfig"> {
  env: NodeJS.ProcessEnv;
  /** @default - every stack that has a file */
  stack?: string;
  /** Branch, tag or commit to compare with. @default - the state of the backend */
  base?: string;
  /** Throws where a stack has no state to compare with, instead of planning it from nothing. @default false */
  needsState?: boolean;
  /** Plans with the CLI where that is possible. @default - the offline engine plans all */
  withCli?: (
    needs: StackNeeds,
    run: { target: PreviewTarget; warnings: readonly string[] },
  ) => Promise<StackPreview | undefined>;
}

export interface PreviewedStacks {
  previews: StackPreview[];
  skipped: Skipped[];
}

/** Plans one stack or all, against their state or against a base. Throws where a stack that is asked for by name lacks a file. */
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
    else throw new Error(await withCloudHint(because, needs, projectDir));
  }
  for (const { stack: name, because } of skipped) progress.note(`stack ${name} is left out: ${because}`);
  const previews =
    base === undefined
      ? await inTurn(able, (needs) => againstState(needs, options, progress))
      : await withWorktree(projectDir, base, (worktree) =>
          inTurn(able, (needs) => againstBase(needs, { ...options, base }, worktree, progress)),
        );
  return { previews, skipped };
}

/** Names the files that a stack needs and does not have; undefined where it has all of them. */
function lacks({ missing, file }: StackNeeds): string | undefined {
  return missing.length === 0 ? undefined : configLines(missing, file).join("; ");
}

/** A person with a cloud has no use for the command that starts the local platform. */
async function withCloudHint(
  because: string,
  { isLocal, stack }: StackNeeds,
  projectDir: string,
): Promise<string> {
  const hint = isLocal
    ? cloudHint("preview", { local: stack, stacks: await stacksOf(projectDir) })
    : undefined;
  return hint === undefined ? because : `${because}\n  ${hint}`;
}

async function againstState(
  needs: StackNeeds,
  options: PreviewStacksOptions,
  progress: Progress,
): Promise<StackPreview> {
  return progress.step(`Plan stack ${needs.stack}`, async () => {
    const { problems, warnings } = await checkStack(needs, options);
    if (problems.length > 0) return refusedStack(needs, { problems, warnings }, options);
    const target = await previewTarget(needs, options.projectDir, options.env);
    if (!needs.isLocal) return planAgainstState(needs, options, { target, warnings });
    return withPlannedImages(progress, (images) =>
      planAgainstState(needs, options, {
        target: { ...target, config: { ...target.config, ...images.config } },
        warnings: [...warnings, ...images.warnings],
      }),
    );
  });
}

async function planAgainstState(
  needs: StackNeeds,
  options: PreviewStacksOptions,
  { target, warnings }: { target: PreviewTarget; warnings: readonly string[] },
): Promise<StackPreview> {
  const byCli = await options.withCli?.(needs, { target, warnings });
  if (byCli !== undefined) return byCli;
  const planned = withWarnings(await planStack(needs, { ...options, ...target }), warnings);
  const hadState = planned.steps.some(({ oldState }) => oldState !== undefined);
  if (options.needsState === true && !hadState)
    throw new Error(
      `stack ${needs.stack}: must have a state to compare with, found none; deploy it first, or name its backend in PULUMI_BACKEND_URL and give the pulumi CLI credentials for the cloud`,
    );
  return describePlan(needs, planned, {
    projectDir: options.projectDir,
    engine: "offline engine",
    against: hadState ? "the state of the stack" : `nothing: ${whyNoState(options.env)}`,
    compares: hadState,
  });
}

/** Says why the offline engine found no state. */
export function whyNoState(env: NodeJS.ProcessEnv): string {
  const backend = findBackend(env);
  return backend.kind === "remote"
    ? `only the pulumi CLI reads the state in ${backend.url}`
    : "there is no state here";
}

async function againstBase(
  needs: StackNeeds,
  options: PreviewStacksOptions & { base: string },
  { path, commit }: Worktree,
  progress: Progress,
): Promise<StackPreview> {
  const { base, projectDir, env } = options;
  return progress.step(`Plan stack ${needs.stack}, and the same stack on ${base}`, async () => {
    const { problems, warnings } = await checkStack(needs, options);
    if (problems.length > 0) return refusedStack(needs, { problems, warnings }, options);
    const target = await previewTarget(needs, projectDir, env);
    const from = await planBase(needs, { ...options, ...target }, path);
    const planned = withWarnings(
      await planStack(needs, { ...options, ...target, from: from ?? [] }),
      warnings,
    );
    const short = `${base} (${commit.slice(0, 7)})`;
    return describePlan(needs, planned, {
      projectDir,
      engine: "offline engine",
      against: from === undefined ? `nothing: ${short} has no such stack` : short,
      compares: true,
    });
  });
}

/** Returns the resources that the base's program would create from nothing; undefined where the base has no such stack. */
async function planBase(
  { stack }: StackNeeds,
  options: PreviewStacksOptions & PreviewTarget,
  path: string,
): Promise<Summary["planned"] | undefined> {
  if (!(await stacksOf(path)).includes(stack)) return undefined;
  const needs = await stackNeeds(path, stack);
  const because = lacks(needs);
  if (because !== undefined) throw new Error(`stack ${stack} on ${options.base ?? "the base"}: ${because}`);
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

/** Works on one item after the other: two programs at once gain nothing on two cores, and need twice the memory. */
async function inTurn<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (const item of items) results.push(await work(item));
  return results;
}
