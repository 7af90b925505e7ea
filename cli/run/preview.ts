import { constants, existsSync, statSync } from "node:fs";
import { access, appendFile, writeFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { lineProgress, silentProgress } from "../../local/progress.ts";
import { ROOT } from "../../operations/root.ts";
import { refuseWrongConfig } from "../../operations/check-deployment.ts";
import { exitCode, type PreviewExitCode } from "../preview/change-words.ts";
import { EXIT } from "../exit-code.ts";
import { noteWorkloadFaults } from "../../operations/author/note-workload-faults.ts";
import { interruptible } from "../interruptible.ts";
import { cliPreview } from "../preview/cli-preview.ts";
import { existingBackend, knownPassphrase } from "../../operations/stack/backend.ts";
import { previewStacks, type PreviewedStacks } from "../preview/preview-stacks.ts";
import { UsageError } from "../usage-error.ts";
import { renderMarkdown } from "../preview/render-markdown.ts";
import { renderText } from "../preview/render-text.ts";

/** The summary of a GitHub job may have at most one mebibyte. */
const SUMMARY_BYTES = 1_000_000;

/** Exit code of a preview → what it means. */
const REASONS = {
  1: "a stack cannot be planned",
  3: "a policy refuses the plan",
  4: "there are changes, and none were expected",
} as const;

export interface PreviewFlags {
  stack?: string | undefined;
  all: boolean;
  base?: string | undefined;
  json: boolean;
  markdown: boolean;
  out?: string | undefined;
  summary?: string | undefined;
  offline: boolean;
  refresh: boolean;
  unchanged: boolean;
}

/**
 * Shows what `up` of a stack would change, or with `base` what this checkout changes in every stack. Progress goes to stderr.
 * Returns the exit code: 1 where a stack cannot be planned, 2 where a workload of it is broken, 3 where only a policy refuses the plan, 4 where no change was expected
 * and there is one, else 0. Throws Interrupted at Ctrl-C.
 */
export async function preview(flags: PreviewFlags): Promise<PreviewExitCode | typeof EXIT.usage> {
  const { base, out, summary, unchanged } = flags;
  if (flags.json && flags.markdown)
    throw new UsageError(["--json and --markdown are two forms of one report: give one of them"]);
  // A plan takes half a minute, so a file that cannot be written is refused before it.
  for (const file of [out, summary]) if (file !== undefined) await refuseUnwritable(file);
  const all = flags.all || (base !== undefined && flags.stack === undefined);
  const subject = all ? "all stacks" : `stack ${flags.stack ?? "dev"}`;
  const found = await interruptible((signal) => plan({ ...flags, all }, signal), {
    message: `the preview of ${subject} was interrupted; nothing was changed`,
  });
  const text = `${render(found, { ...flags, all })}\n`;
  if (out === undefined) process.stdout.write(text);
  else await writeFile(out, text);
  const reports = found.previews.map(({ report }) => report);
  if (summary !== undefined)
    await appendFile(summary, `${renderMarkdown(reports, found.skipped, { maxBytes: SUMMARY_BYTES })}\n`);
  const codes = new Set(reports.map((report) => exitCode(report, { unchanged })));
  const code = ([1, 3, 4] as const).find((each) => codes.has(each)) ?? 0;
  if (out !== undefined && code !== 0) process.stderr.write(`✗ ${REASONS[code]}: ${out} says why\n`);
  const note = (line: string): void => void process.stderr.write(`${line}\n`);
  let isBroken = false;
  for (const { stack } of reports) isBroken ||= (await noteWorkloadFaults(stack, { note })).length > 0;
  return code === 0 && isBroken ? EXIT.usage : code;
}

async function refuseUnwritable(file: string): Promise<void> {
  const folder = dirname(resolve(file));
  if (!existsSync(folder)) throw new UsageError([`${file}: its folder must be there: make it first`]);
  if (existsSync(file) && statSync(file).isDirectory())
    throw new UsageError([`${file}: must be a file, got a folder: name a file in it`]);
  await access(existsSync(file) ? file : folder, constants.W_OK);
}

async function plan(flags: PreviewFlags, signal: AbortSignal): Promise<PreviewedStacks> {
  const { all, base, offline, out, refresh, unchanged } = flags;
  // After an interrupt, one line says so: no step is reported as failed.
  const progress = lineProgress((line) => void (signal.aborted || process.stderr.write(`${line}\n`)));
  const { env } = process;
  const backendDir = existingBackend(env);
  const passphrase = await knownPassphrase(backendDir, env);
  const isForPeople = !flags.json && !flags.markdown && out === undefined;
  // The report itself has the warnings.
  if (!all && isForPeople) await refuseWrongConfig(flags.stack ?? "dev", { progress: silentProgress });
  return previewStacks(
    {
      projectDir: ROOT,
      backendDir,
      passphrase,
      env,
      refresh,
      needsState: unchanged,
      signal,
      ...(all ? {} : { stack: flags.stack ?? "dev" }),
      ...(base === undefined
        ? {
            withCli: (needs, run) =>
              cliPreview(needs, { projectDir: ROOT, offline, env, progress, refresh, signal, ...run }),
          }
        : { base }),
    },
    progress,
  );
}

function render(
  { previews, skipped }: PreviewedStacks,
  { json, markdown, all }: Pick<PreviewFlags, "json" | "markdown" | "all">,
): string {
  const reports = previews.map(({ report }) => report);
  if (markdown) return renderMarkdown(reports, skipped);
  if (!json) return reports.map(renderText).join("\n\n");
  const digests = previews.map(({ digest }) => digest);
  // One stack is what the CLI prints; several are the same by name.
  const several = Object.fromEntries(digests.map((digest) => [digest.slipway.stack, digest]));
  return JSON.stringify(all ? several : digests[0], null, 4);
}
