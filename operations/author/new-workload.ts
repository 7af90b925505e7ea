import { constants, existsSync } from "node:fs";
import { copyFile, mkdir, rm, writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { dirname, join } from "node:path";
import { parseWorkload } from "../../runtime/contract/check-workload.ts";
import { kebabNameSchema } from "../../runtime/contract/kebab-name.ts";
import { didYouMean } from "../../runtime/contract/issues/did-you-mean.ts";
import type { Task } from "../../runtime/contract/task.ts";
import { identifier, openDuckDb, type DuckDb } from "../../runtime/duckdb.ts";
import { withScratch } from "../../runtime/scratch.ts";
import { loadStackFile } from "../stack/load-stack-file.ts";
import { writeStackFile } from "../stack/write-stack-file.ts";
import { WrongRequest } from "../wrong-request.ts";
import { addService, type AddedService } from "./add-service.ts";
import { modelName, tableName } from "./choose-names.ts";
import { chooseRoles, type ChosenRoles } from "./choose-roles.ts";
import type { Strength } from "./column-strength.ts";
import { draftComments } from "./draft-comments.ts";
import { draftWorkload } from "./draft-workload.ts";
import { inferTask, type InferredTask } from "./infer-task.ts";
import { measureColumns } from "./measure-columns.ts";
import { namedFiles, type NamedFiles } from "./named-files.ts";
import { PROFILED, profileTable, type ColumnProfile, type TableProfile } from "./profile-table.ts";
import { workloadText } from "./workload-text.ts";

export interface NewWorkloadOptions {
  name: string;
  /** Path of the data, several with commas, or a pattern. */
  from: string;
  target: string;
  time?: string | undefined;
  key?: readonly string[] | undefined;
  task?: Task["kind"] | undefined;
  group?: string | undefined;
  /** Whether a service is added to the stack's file. */
  serve: boolean;
  stack: string;
}

export interface NewWorkload {
  profile: TableProfile;
  chosen: ChosenRoles;
  strengths: ReadonlyMap<string, Strength>;
  inferred: InferredTask;
  model: string;
  /** Path of the definition in the checkout. */
  file: string;
  /** Lines of the definition. */
  lines: number;
  /** Bytes that were copied into the folder of the workload; 0 if the files were there. */
  copied: number;
  /** @default - the caller asked for no service */
  service?: AddedService & { file: string };
}

/**
 * Looks at data, and writes `workloads/<name>/workload.ts` for it, with the data beside it, and a service into the stack's file. Throws a
 * WrongRequest, or BadInput for data that cannot be read; then nothing is written.
 */
export async function newWorkload(root: string, options: NewWorkloadOptions): Promise<NewWorkload> {
  const { name, target, time, group, serve, stack } = options;
  const folder = join(root, "workloads", name);
  const file = `workloads/${name}/workload.ts`;
  refuseName(root, name, file);
  const stackFile = serve ? await loadStackFile(root, stack) : undefined;
  const files = await namedFiles(options.from);
  const table = { name: tableName(files.names), files: files.names };

  const looked = await withScratch(async (scratch) => {
    const db = await openDuckDb({ threads: availableParallelism(), scratch, memoryMib: 2000 });
    try {
      const profile = await profileTable(db, table, files, scratch);
      const label = columnOf(profile, "--target", target);
      checkColumns(profile, options);
      await checkKey(db, profile, options.key);
      const inferred = inferTask(label, { kind: options.task, group });
      const others = profile.columns.filter((column) => ![target, time, group].includes(column.name));
      const strengths = await measureColumns(db, inferred.task, target, others);
      return { profile, inferred, strengths };
    } finally {
      db.close();
    }
  });
  const { profile, inferred, strengths } = looked;
  const chosen = chooseRoles(profile, { target, time, group, key: options.key, strengths });
  const model = modelName(target, name);
  const draft = {
    workload: name,
    model,
    table: table.name,
    files: files.names,
    task: inferred.task,
    target,
    time,
  };
  const definition = draftWorkload(profile, chosen, draft);
  const parsed = parseWorkload(definition);
  if ("problems" in parsed) throw new WrongRequest(`--from ${options.from}: ${parsed.problems.join("; ")}`);
  const text = await workloadText(definition, {
    about: `Drafted by npm run new from ${files.names.slice(0, 3).join(", ")}: ${profile.rows.toLocaleString("en-US")} rows.`,
    comments: draftComments(profile, chosen, draft),
  });
  const service = stackFile && {
    ...addService(stackFile.text, { workload: name, model }, stackFile.file),
    file: stackFile.file,
  };
  const copied = await writeWorkload(folder, files, text);
  if (stackFile !== undefined && service !== undefined && service.added.length > 0)
    await writeStackFile(stackFile.path, { before: stackFile.text, text: service.text });
  return {
    ...looked,
    chosen,
    model,
    file,
    lines: text.trimEnd().split("\n").length,
    copied,
    ...(service === undefined ? {} : { service }),
  };
}

function refuseName(root: string, name: string, file: string): void {
  const parsed = kebabNameSchema.safeParse(name);
  if (!parsed.success)
    throw new WrongRequest(`NAME ${parsed.error.issues[0]?.message ?? ""}, got ${JSON.stringify(name)}`);
  if (existsSync(join(root, file)))
    throw new WrongRequest(`NAME ${name}: ${file} is there already and stays as it is; take another name`);
}

function columnOf(profile: TableProfile, flag: string, name: string): ColumnProfile {
  const found = profile.columns.find((column) => column.name === name);
  if (found !== undefined) return found;
  const names = profile.columns.map((column) => column.name);
  throw new WrongRequest(
    `${flag} ${name}: there is no such column${didYouMean(name, names)} (columns: ${names.slice(0, 30).join(", ")}${names.length > 30 ? ` and ${names.length - 30} more` : ""})`,
  );
}

/** Refuses columns that are not there, or cannot be what they are named for. */
function checkColumns(profile: TableProfile, { time, group, key = [], target }: NewWorkloadOptions): void {
  if (profile.rows === 0)
    throw new WrongRequest("--from: must have rows, got the names of the columns alone");
  if (time !== undefined) {
    const { type, missing, min } = columnOf(profile, "--time", time);
    if (type !== "DATE" && type !== "TIMESTAMP")
      throw new WrongRequest(
        `--time ${time}: must be a DATE or a TIMESTAMP in every row, got ${type}, such as ${min ?? ""}`,
      );
    if (missing > 0)
      throw new WrongRequest(`--time ${time}: must be there in every row, ${missing} rows lack it`);
    if (time === target) throw new WrongRequest(`--time ${time}: must be another column than --target`);
  }
  if (group !== undefined) columnOf(profile, "--group", group);
  for (const name of key) {
    const { missing, distinct } = columnOf(profile, "--key", name);
    if (missing > 0)
      throw new WrongRequest(`--key ${name}: must be there in every row, ${missing} rows lack it`);
    if (key.length === 1 && distinct !== profile.rows)
      throw new WrongRequest(
        `--key ${name}: must be unique, got ${distinct} different values in ${profile.rows} rows; name the columns that identify a row together: --key ${name},OTHER`,
      );
  }
}

async function checkKey(db: DuckDb, { rows }: TableProfile, key: readonly string[] = []): Promise<void> {
  if (key.length < 2) return;
  const columns = key.map(identifier).join(", ");
  const distinct = await db.number(`SELECT count(DISTINCT (${columns})) FROM ${PROFILED}`);
  if (distinct !== rows)
    throw new WrongRequest(
      `--key ${key.join(",")}: must be unique together, got ${distinct} different values in ${rows} rows`,
    );
}

/** Writes the definition and copies the files beside it. After a failure the folder is as it was. Returns the bytes that were copied. */
async function writeWorkload(folder: string, files: NamedFiles, text: string): Promise<number> {
  const isNew = !existsSync(folder);
  const copies = folder === files.folder ? [] : files.names;
  const written: string[] = [];
  try {
    await mkdir(folder, { recursive: true });
    for (const name of copies) {
      const target = join(folder, name);
      if (existsSync(target))
        throw new WrongRequest(
          `${target}: is there already and stays as it is; move it, or take another name`,
        );
      written.push(target);
      await mkdir(dirname(target), { recursive: true });
      await copyFile(join(files.folder, name), target, constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL);
    }
    await writeFile(join(folder, "workload.ts"), text, { flag: "wx" });
  } catch (error) {
    if (isNew) await rm(folder, { recursive: true, force: true });
    else for (const path of written) await rm(path, { force: true });
    throw error;
  }
  return copies.length === 0 ? 0 : files.size;
}
