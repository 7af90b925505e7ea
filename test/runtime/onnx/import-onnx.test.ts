import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import type { Task } from "../../../runtime/contract/task.ts";
import { describeOnnx } from "../../../runtime/onnx/describe-onnx.ts";
import { importOnnx, type ImportedOnnx } from "../../../runtime/onnx/import/import-onnx.ts";
import { scoreOnnx } from "../../../runtime/onnx/score-onnx.ts";
import { TINY_ONNX } from "../serving/tiny-model.ts";

const FIXTURES = join(import.meta.dirname, "fixtures");
const PURPOSES = ["car", "house", "other"];
const NUMBERS = ["amount", "age"].map((name) => ({ name, kind: "numeric" as const }));
const PURPOSE = { name: "purpose", kind: "categorical" as const, categories: PURPOSES };
const BINARY: Task = { kind: "binary" };

interface Expected extends Record<string, unknown> {
  rows: number[][];
  purposes: string[];
  classes: Record<string, number[]>;
}
let expected: Expected;
beforeAll(async () => {
  expected = JSON.parse(await readFile(join(FIXTURES, "expected.json"), "utf8")) as Expected;
});

const read = (name: string): Promise<Buffer> => readFile(join(FIXTURES, `${name}.onnx`));

async function imported(
  name: string,
  task: Task,
  features: Parameters<typeof importOnnx>[1]["features"] = NUMBERS,
): Promise<ImportedOnnx> {
  return importOnnx(await read(name), { features, task });
}

/** The served scores of the rows of make-exports.py. */
async function scored({ onnx }: ImportedOnnx, rows: readonly (readonly number[])[]): Promise<number[]> {
  const { inputs, outputs } = describeOnnx(onnx);
  expect(inputs).toEqual([{ name: "features", type: "float32", shape: ["N", rows[0]!.length] }]);
  expect(outputs).toHaveLength(1);
  const values = Float32Array.from(rows.flat());
  return [...(await scoreOnnx(onnx, { values, rows: rows.length, columns: rows[0]!.length }, 1))];
}

function expectClose(got: readonly number[], wanted: readonly number[]): void {
  expect(got).toHaveLength(wanted.length);
  got.forEach((value, i) => {
    expect(Math.abs(value - wanted[i]!) / Math.max(1, Math.abs(wanted[i]!))).toBeLessThan(1e-5);
  });
}

describe("an export of a common library", () => {
  it.each<[string, string, Task]>([
    ["skl-zipmap", "binary", BINARY],
    ["skl-plain", "binary", BINARY],
    ["skl-double", "binary", BINARY],
    ["skl-words", "words", { kind: "binary", positive: "repaid" }],
    ["skl-number", "number", { kind: "regression" }],
    ["xgb-binary", "trees", BINARY],
    ["xgb-number", "forest", { kind: "regression" }],
  ])("%s scores as its library does, with one input and one output", async (name, key, task) => {
    expectClose(await scored(await imported(name, task), expected.rows), expected[key] as number[]);
  });

  it("of classes has them in the order of the definition", async () => {
    const classes = ["sport", "family", "old"];
    const got = await scored(await imported("skl-classes", { kind: "multiclass", classes }), expected.rows);
    const wanted = expected.rows.flatMap((_, row) => classes.map((name) => expected.classes[name]![row]!));
    expectClose(got, wanted);
  });

  it("with one input a column takes the columns in the order of the definition, and texts by their code", async () => {
    const features = [PURPOSE, ...NUMBERS];
    const rows = expected.rows.map((row, i) => [PURPOSES.indexOf(expected.purposes[i]!), ...row]);
    const model = await imported("skl-columns", BINARY, features);
    expectClose(await scored(model, rows), expected["columns"] as number[]);
    expect(model.changes).toContain("inputs purpose, amount, age are the columns of features");
    const missing = await scored(model, [[NaN, 10, 30]]);
    expect(missing[0]).toBeGreaterThan(0);
  });

  it("with a batch of one row, or one number a row, is served in batches", async () => {
    const row = [50, 20];
    const wanted = 1 / (1 + Math.exp(-0.3));
    expectClose(await scored(await imported("fixed-batch", BINARY), [row, row]), [wanted, wanted]);
    expectClose(await scored(await imported("flat", { kind: "regression" }), [row, row]), [0.3, 0.3]);
  });

  it("that has the signature already stays as it is", async () => {
    const tiny = await readFile(TINY_ONNX);
    const features = ["a", "b", "c", "d", "e"].map((name) => ({ name, kind: "numeric" as const }));
    const { onnx, changes } = await importOnnx(tiny, { features, task: BINARY });
    expect(onnx).toBe(tiny);
    expect(changes).toEqual([]);
  });

  it("gives the same bytes each time", async () => {
    const [one, two] = [
      await imported("skl-columns", BINARY, [PURPOSE, ...NUMBERS]),
      await imported("skl-columns", BINARY, [PURPOSE, ...NUMBERS]),
    ];
    expect(Buffer.compare(one.onnx, two.onnx)).toBe(0);
  });
});

describe("a file that cannot be served is refused with what to change:", () => {
  it.each<[string, string, Task, RegExp]>([
    [
      "weights elsewhere",
      "external",
      BINARY,
      /weights must be in the file itself, got them in weights.bin; put them in: onnx.save/,
    ],
    ["custom operators", "custom", BINARY, /operators must be of ONNX or ai.onnx.ml, got com.example.Magic/],
    [
      "an opset of the future",
      "future",
      BINARY,
      /opset of ai.onnx must be at most \d+ for onnxruntime, got 99; export it again/,
    ],
    [
      "rows that depend on each other",
      "mixed-rows",
      BINARY,
      /scores of a row must not depend on the other rows/,
    ],
    ["logits", "logits", BINARY, /scores must be probabilities from 0 to 1, got .*Sigmoid/],
    [
      "classes for a number",
      "skl-classes",
      { kind: "regression" },
      /one number for each row, got 3, which are classes/,
    ],
    ["a number for yes or no", "xgb-number", BINARY, /probabilities from 0 to 1/],
    [
      "classes without names",
      "skl-classes",
      { kind: "multiclass" },
      /must name the classes .*\["family","old","sport"\]/,
    ],
    [
      "other classes",
      "skl-classes",
      { kind: "multiclass", classes: ["a", "b", "c"] },
      /got family, old, sport/,
    ],
    [
      "another positive label",
      "skl-words",
      { kind: "binary", positive: "yes" },
      /must have "yes", the positive label of the definition, got lost, repaid/,
    ],
    ["several classes for yes or no", "skl-classes", BINARY, /got 3 columns; the definition needs task/],
  ])("%s", async (_, name, task, message) => {
    await expect(imported(name, task)).rejects.toThrow(message);
  });

  it("another number of features", async () => {
    await expect(imported("skl-plain", BINARY, [...NUMBERS, PURPOSE])).rejects.toThrow(
      /input X must be \[N, 3\], one column for each feature \(amount, age, purpose\), got \[N, 2\]/,
    );
    await expect(imported("skl-columns", BINARY, NUMBERS)).rejects.toThrow(
      /inputs must be one tensor with all 2 features, or one for each by its name \(amount, age\), got amount, age, purpose/,
    );
  });

  it("text for a number", async () => {
    const features = [...NUMBERS, { name: "purpose", kind: "numeric" as const }];
    await expect(imported("skl-columns", BINARY, features)).rejects.toThrow(/must be categorical/);
  });

  it("a file that was cut off, at any byte", async () => {
    const whole = await read("skl-zipmap");
    for (let length = 1; length < whole.length - 40; length += 7)
      await expect(
        importOnnx(whole.subarray(0, length), { features: NUMBERS, task: BINARY }),
      ).rejects.toThrow(/must|opset/);
  });

  it("an output that is not there, or is a label", async () => {
    const bytes = await read("skl-plain");
    const options = { features: NUMBERS, task: BINARY };
    await expect(importOnnx(bytes, { ...options, output: "p" })).rejects.toThrow(
      "--output must be one of label, probabilities, got p",
    );
  });
});

describe("the description of a file", () => {
  it.each([
    ["skl-zipmap", "binary", ["0", "1"]],
    ["skl-classes", "multiclass", ["family", "old", "sport"]],
    ["xgb-number", "regression", undefined],
    ["fixed-batch", "binary", undefined],
  ])("%s: %s", async (name, task, classes) => {
    const description = describeOnnx(await read(name));
    expect(description.task).toBe(task);
    expect(description.classes).toEqual(classes);
  });

  it("has producer, opsets, and inputs with their types", async () => {
    expect(describeOnnx(await read("skl-columns"))).toMatchObject({
      producer: "skl2onnx 1.20.0",
      opsets: { "ai.onnx": 13, "ai.onnx.ml": 1 },
      inputs: [
        { name: "amount", type: "float32" },
        { name: "age", type: "float32" },
        { name: "purpose", type: "string" },
      ],
    });
  });
});
