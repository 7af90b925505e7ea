import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { LIGHTGBM } from "../local/images/pins.ts";
import { lineProgress } from "../local/progress.ts";
import { runCommand } from "../local/run-command.ts";
import { wheel } from "../local/tools/python-package.ts";
import { loadLightGbm } from "../runtime/training/lightgbm/lightgbm.ts";
import { median } from "./median.ts";
import { pythonEnvironment } from "./python-environment.ts";

/** Compares training through koffi with the same library's Python package: same rows, parameters and threads, in turns. */
const [ROWS, COLUMNS, TREES, ROUNDS] = [217_727, 24, 200, 3];
const threads = availableParallelism();
const params = {
  objective: "binary",
  num_leaves: 63,
  learning_rate: 0.08,
  seed: 1,
  deterministic: true,
  force_row_wise: true,
  verbosity: -1,
};

const values = new Float32Array(ROWS * COLUMNS);
const labels = new Float32Array(ROWS);
let state = 1;
const random = (): number => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647; // Lehmer: the same rows every time
for (let row = 0; row < ROWS; row++) {
  let signal = 0;
  for (let column = 0; column < COLUMNS; column++) {
    const value = random();
    values[row * COLUMNS + column] = value;
    if (column < 6) signal += Math.sin(value * (column + 3));
  }
  labels[row] = signal + 2 * random() > 3.5 ? 1 : 0;
}

const folder = await mkdtemp(join(tmpdir(), "slipway-bench-"));
try {
  const [valuesFile, labelsFile] = [join(folder, "values.f32"), join(folder, "labels.f32")];
  await writeFile(valuesFile, new Uint8Array(values.buffer));
  await writeFile(labelsFile, new Uint8Array(labels.buffer));
  const python = await pythonEnvironment("lightgbm", [
    `lightgbm==${LIGHTGBM.version}`,
    "numpy==2.4.6",
    "scipy",
  ]);
  const library = loadLightGbm(
    await wheel(lineProgress(), { ...LIGHTGBM, file: "lightgbm/lib/lib_lightgbm.so" }),
    threads,
  );
  const names = Array.from({ length: COLUMNS }, (_, column) => `f${column}`);
  const ours: number[] = [];
  const peer: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const start = performance.now();
    await library.train({
      features: { values, rows: ROWS, columns: COLUMNS },
      labels,
      names,
      params,
      iterations: TREES,
    });
    ours.push((performance.now() - start) / 1000);
    const args = [
      valuesFile,
      labelsFile,
      String(ROWS),
      String(COLUMNS),
      String(TREES),
      JSON.stringify({ ...params, num_threads: threads }),
    ];
    const answer = JSON.parse(
      await runCommand(python, [join(import.meta.dirname, "training_peer.py"), ...args]),
    ) as { seconds: number };
    peer.push(answer.seconds);
  }
  console.log(
    `${ROWS} x ${COLUMNS}, ${TREES} trees of 63 leaves, ${threads} threads, ${ROUNDS} rounds in turns`,
  );
  console.log(`slipway (koffi)  ${median(ours).toFixed(2)} s`);
  console.log(`python lightgbm  ${median(peer).toFixed(2)} s`);
  console.log(`ratio            ${(median(ours) / median(peer)).toFixed(2)}`);
} finally {
  await rm(folder, { recursive: true });
}
