import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { withScratch } from "../../runtime/scratch.ts";
import { loadWorkload } from "../../workloads/catalog.ts";
import { pinTrainers } from "../../workloads/pin-trainers.ts";

const LOCK = `numpy==1.0 --hash=sha256:${"a".repeat(64)}\n`;

async function pin(files: Record<string, string>): Promise<{ names: string[]; problems: string[] }> {
  const workload = await loadWorkload("penguins");
  return withScratch(async (folder) => {
    for (const [name, content] of Object.entries(files)) {
      await mkdir(join(folder, "trainer/__pycache__"), { recursive: true });
      await writeFile(join(folder, name), content);
    }
    const pinned = await pinTrainers(workload, folder);
    if ("problems" in pinned) return { names: [], problems: pinned.problems };
    const { trainer } = pinned.workload.models[0]!;
    if (trainer.kind !== "python") throw new Error("it must be a Python trainer");
    return { names: (trainer.files ?? []).map(({ name }) => name), problems: [] };
  });
}

it("names the files of a trainer's folder, without what Python writes beside them", async () => {
  const files = {
    "trainer/train.py": "",
    "trainer/requirements.txt": LOCK,
    "trainer/__pycache__/train.pyc": "",
  };
  expect(await pin(files)).toEqual({ names: ["requirements.txt", "train.py"], problems: [] });
});

it("refuses a folder without train.py, a lock without hashes, and a folder that there is not", async () => {
  expect((await pin({ "trainer/requirements.txt": "numpy\n" })).problems).toEqual([
    "models.species.trainer.folder: must have the file train.py, trainer has requirements.txt",
    expect.stringContaining("trainer/requirements.txt: line 1: must be a package with an exact version"),
  ]);
  expect((await pin({})).problems).toEqual([
    "models.species.trainer.folder: must be a folder beside workload.ts, got trainer: there is none",
  ]);
});
