import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { lockProblems } from "../runtime/contract/trainers/check-lock.ts";
import { TRAIN_PROGRAM, TRAINER_LOCK, type PythonTrainer } from "../runtime/contract/trainers/python.ts";
import type { Workload } from "../runtime/contract/workload.ts";

/** Files that a tool writes beside the program. */
const WASTE = /(^|\/)(__pycache__|\.[^/]+)(\/|$)|\.pyc$/;
/** The folder travels with the definition; data belong to the source. */
const MAX_BYTES = 16 * 2 ** 20;

/**
 * Returns a workload whose Python trainers name the files of their folders with their digests, as they are on disk; or one line for each
 * rule that a folder breaks.
 */
export async function pinTrainers(
  workload: Workload,
  folder: string,
): Promise<{ workload: Workload } | { problems: string[] }> {
  const problems: string[] = [];
  const models = await Promise.all(
    workload.models.map(async (model) => {
      if (model.trainer.kind !== "python") return model;
      const pinned = await pinFolder(model.trainer, folder);
      problems.push(...pinned.problems.map((problem) => `models.${model.name}.trainer.folder: ${problem}`));
      return { ...model, trainer: { ...model.trainer, files: pinned.files } };
    }),
  );
  return problems.length > 0 ? { problems } : { workload: { ...workload, models } };
}

async function pinFolder(
  { folder }: PythonTrainer,
  root: string,
): Promise<{ files: NonNullable<PythonTrainer["files"]>; problems: string[] }> {
  const path = join(root, folder);
  const entries = await readdir(path, { recursive: true, withFileTypes: true }).catch(() => undefined);
  if (entries === undefined)
    return { files: [], problems: [`must be a folder beside workload.ts, got ${folder}: there is none`] };
  const names = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(path.length + 1))
    .filter((name) => !WASTE.test(name))
    .sort();
  const contents = await Promise.all(names.map((name) => readFile(join(path, name))));
  const size = contents.reduce((sum, { length }) => sum + length, 0);
  const lock = contents[names.indexOf(TRAINER_LOCK)];
  const problems = [
    ...[TRAIN_PROGRAM, TRAINER_LOCK]
      .filter((name) => !names.includes(name))
      .map((name) => `must have the file ${name}, ${folder} has ${names.join(", ") || "no file"}`),
    ...(lock === undefined ? [] : lockProblems(lock.toString())).map(
      (problem) => `${folder}/${TRAINER_LOCK}: ${problem}`,
    ),
    ...(size > MAX_BYTES
      ? [
          `must have at most ${MAX_BYTES / 2 ** 20} MiB, ${folder} has ${(size / 2 ** 20).toFixed(0)}; data belong to the source`,
        ]
      : []),
  ];
  const files = names.map((name, i) => ({
    name,
    digest: `sha256:${createHash("sha256").update(contents[i]!).digest("hex")}`,
    size: contents[i]!.length,
  }));
  return { files, problems };
}
