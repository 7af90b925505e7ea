import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { trainerPackages } from "../../../local/images/trainer-packages.ts";
import { lineProgress } from "../../../local/progress.ts";
import { runCommand } from "../../../local/run-command.ts";
import { TRAINER_FOLDERS } from "../../../runtime/contract/trainer-container.ts";
import { TRAIN_PROGRAM, TRAINER_LOCK } from "../../../runtime/contract/trainers/python.ts";

/** Runs the `train.py` of a folder as a process in the folder `work`, with the packages of its lock and nothing else of this machine's Python. */
export async function runTrainProgram(folder: string, work: string): Promise<string> {
  const packages = await trainerPackages(lineProgress(), await readFile(join(folder, TRAINER_LOCK), "utf8"));
  await mkdir(join(work, TRAINER_FOLDERS.out), { recursive: true });
  return runCommand("python3", ["-s", join(folder, TRAIN_PROGRAM)], {
    cwd: work,
    env: { PYTHONPATH: packages, PYTHONDONTWRITEBYTECODE: "1", OMP_NUM_THREADS: "2" },
  });
}
