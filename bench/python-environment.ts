import { stat } from "node:fs/promises";
import { cache } from "../local/home.ts";
import { lineProgress } from "../local/progress.ts";
import { runCommand } from "../local/run-command.ts";
import { ensureApt } from "../local/tools/apt.ts";

/** Creates a virtual environment in the cache with pinned packages, for peers in Python. Returns the path of its python. */
export async function pythonEnvironment(name: string, packages: readonly string[]): Promise<string> {
  const folder = cache("bench", name);
  const python = `${folder}/bin/python`;
  const ready = await stat(`${folder}/ready`).then(
    () => true,
    () => false,
  );
  if (ready) return python;
  const progress = lineProgress();
  await ensureApt(progress, ["python3-venv"], "peers in Python run in a virtual environment");
  await progress.step(`Install ${packages.join(" ")}`, async () => {
    await runCommand("python3", ["-m", "venv", "--clear", folder]);
    await runCommand(python, ["-m", "pip", "install", "--quiet", ...packages]);
    await runCommand("touch", [`${folder}/ready`]);
  });
  return python;
}
