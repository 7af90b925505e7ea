import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pinFiles } from "../../../operations/pipeline/pin-files.ts";
import type { PinnedWorkload } from "../../../runtime/contract/step-definition.ts";
import { workloadSchema, type WorkloadInput } from "../../../runtime/contract/workload.ts";
import type { Files, PinnedFiles } from "../../../runtime/contract/sources/files.ts";

const PURPOSES = ["car", "house", "other"];
const NUMBERS = ["amount", "age"].map((name) => ({ name, kind: "numeric" as const }));
const common = {
  views: [],
  rows: { table: "loans", key: ["id"], label: "repaid" },
  trainer: { kind: "import" as const },
  gate: { checks: [{ metric: "auc", min: 0.8 }] },
};

/** Loans with two models for the exports of `test/runtime/onnx/fixtures/make-exports.py`: of numbers, and with a text column. */
export const LOANS: WorkloadInput = {
  name: "loans",
  source: { kind: "files", files: ["loans.csv"] },
  tables: [{ name: "loans", files: "loans.csv", key: ["id"] }],
  views: [],
  models: [
    { ...common, name: "repaid", request: NUMBERS },
    {
      ...common,
      name: "repaid-by-column",
      request: [...NUMBERS, { name: "purpose", kind: "categorical", categories: PURPOSES }],
    },
  ],
};

/** Writes 600 loans to `folder`, most of which are repaid as those on which the exports were trained. */
export async function loansWorkload(
  folder: string,
  changes: Partial<WorkloadInput> = {},
): Promise<PinnedWorkload & { source: PinnedFiles }> {
  await mkdir(folder, { recursive: true });
  const lines = Array.from({ length: 600 }, (_, i) => {
    const [amount, age] = [(i * 37) % 100, 18 + ((i * 53) % 72)];
    return `L${i},${amount},${age},${PURPOSES[i % 3]},${i % 17 === 0 ? 1 : amount - age / 2 > 25 ? 1 : 0}`;
  });
  await writeFile(join(folder, "loans.csv"), `id,amount,age,purpose,repaid\n${lines.join("\n")}\n`);
  const workload = workloadSchema.parse({ ...LOANS, ...changes });
  return { ...workload, source: await pinFiles(workload.source as Files, folder) };
}
