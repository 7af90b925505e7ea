import { describe, expect, it } from "vitest";
import type { LearntTask } from "../../../runtime/contract/task.ts";
import { adaptModel } from "../../../runtime/onnx/adapt-model.ts";
import { ELEMENT, int64Constant, parseGraphFile, type GraphNode } from "../../../runtime/onnx/graph-file.ts";
import { scoreOnnx } from "../../../runtime/onnx/score-onnx.ts";
import { float, onnxFile } from "./graph.ts";

const BINARY: LearntTask = { kind: "binary" };
const CLASSES: LearntTask = { kind: "multiclass", classes: ["a", "b"] };
const features = [
  { name: "x", kind: "numeric" as const },
  { name: "colour", kind: "categorical" as const, categories: ["red", "blue"] },
];
const sample = { values: new Float32Array([0, 0, 1, 1, 2, NaN]), rows: 3, columns: 2 };
const node = (
  opType: string,
  inputs: string[],
  outputs: string[],
  attributes: GraphNode["attributes"] = {},
): GraphNode => ({
  opType,
  inputs,
  outputs,
  attributes,
});
const softmax = node("Softmax", ["X"], ["probabilities"], { axis: 1 });
const mean = (keepdims: number): GraphNode[] => [
  node("ReduceMean", ["X"], ["mean"], { axes: [1], keepdims }),
  node("Sigmoid", ["mean"], ["p"]),
];
const X = float("X", undefined, 2);

async function scores(bytes: Uint8Array, task: LearntTask): Promise<number[]> {
  const adapted = await adaptModel(bytes, { features, task, sample });
  const { inputs, outputs } = parseGraphFile(adapted);
  expect(inputs).toEqual([float("features", undefined, 2)]);
  expect(outputs.map(({ name }) => name)).toEqual([task.kind === "binary" ? "probability" : "probabilities"]);
  return [...(await scoreOnnx(adapted, sample, 1))];
}
const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

describe("a model of another program", () => {
  it("keeps the second of two probabilities", async () => {
    const got = await scores(
      onnxFile([softmax], { inputs: [X], outputs: [float("probabilities", undefined, 2)] }),
      BINARY,
    );
    expect(got.slice(0, 2)).toEqual([0.5, 0.5]);
  });

  it("may give one number without a second dimension", async () => {
    const got = await scores(onnxFile(mean(0), { inputs: [X], outputs: [float("p", undefined)] }), BINARY);
    expect(got[1]).toBeCloseTo(sigmoid(1), 6);
  });

  it("may have an output with the name that the task needs, in another form", async () => {
    const named = [mean(0)[0]!, node("Sigmoid", ["mean"], ["probability"])];
    const got = await scores(
      onnxFile(named, { inputs: [X], outputs: [float("probability", undefined)] }),
      BINARY,
    );
    expect(got[1]).toBeCloseTo(sigmoid(1), 6);
  });

  it("may have its input in float64", async () => {
    const nodes = [
      node("Cast", ["X"], ["f"], { to: ELEMENT.float }),
      node("Softmax", ["f"], ["s"], { axis: 1 }),
    ];
    const input = { ...X, element: ELEMENT.double };
    const got = await scores(
      onnxFile(nodes, { inputs: [input], outputs: [float("s", undefined, 2)] }),
      CLASSES,
    );
    expect(got.slice(0, 4)).toEqual([0.5, 0.5, 0.5, 0.5]);
  });

  it("gives the probabilities of a dictionary of classes, and no label", async () => {
    const zip = {
      ...node("ZipMap", ["probabilities"], ["dictionary"], { classlabels_int64s: [0, 1] }),
      domain: "ai.onnx.ml",
    };
    const label = node("ArgMax", ["X"], ["label"], { axis: 1, keepdims: 0 });
    const outputs = [
      { name: "label", element: ELEMENT.int64, shape: [undefined] },
      { name: "dictionary", element: undefined, shape: undefined },
    ];
    expect(
      (await scores(onnxFile([softmax, zip, label], { inputs: [X], outputs }), CLASSES)).slice(0, 2),
    ).toEqual([0.5, 0.5]);
    const turned = { ...zip, attributes: { classlabels_int64s: [1, 0] } };
    await expect(scores(onnxFile([softmax, turned], { inputs: [X], outputs }), CLASSES)).rejects.toThrow(
      "model.onnx: its classes must be 0, 1, the labels in their order, got 1, 0",
    );
  });

  it.each([1, 2])(
    "takes codes for the texts of its columns, in version %s of ai.onnx.ml",
    async (version) => {
      // 1 where the text is "blue", which the codes of the text itself would not tell
      const isBlue = {
        domain: "ai.onnx.ml",
        ...(version === 1
          ? node("LabelEncoder", ["colour"], ["code"], {
              classes_strings: ["blue", "red", ""],
              default_int64: -1,
            })
          : node("LabelEncoder", ["colour"], ["code"], {
              keys_strings: ["blue", "red", ""],
              values_int64s: [0, 1, 2],
              default_int64: -1,
            })),
      };
      const nodes = [
        isBlue,
        node("Cast", ["code"], ["number"], { to: ELEMENT.float }),
        node("Add", ["number", "x"], ["sum"]),
        node("Sigmoid", ["sum"], ["p"]),
      ];
      const inputs = [
        float("x", undefined, 1),
        { name: "colour", element: ELEMENT.string, shape: [undefined, 1] },
      ];
      const file = onnxFile(nodes, {
        inputs,
        outputs: [float("p", undefined, 1)],
        opsets: { "": 13, "ai.onnx.ml": version },
      });
      const got = await scores(file, BINARY);
      // red + 0, blue + 1, missing + 2
      [1, 1, 4].forEach((sum, row) => expect(got[row]).toBeCloseTo(sigmoid(sum), 6));
    },
  );

  const good = { inputs: [X], outputs: [float("probabilities", undefined, 2)] };
  it.each<[string, Uint8Array, LearntTask, string]>([
    ["that is no ONNX file", Buffer.from("hello"), BINARY, "model.onnx: must be an ONNX file: "],
    [
      "with another input width",
      onnxFile([softmax], { ...good, inputs: [float("X", undefined, 3)] }),
      BINARY,
      "model.onnx: its input X must have the 2 columns of features.json, has 3; train on all columns, in their order",
    ],
    [
      "for one number of rows",
      onnxFile([softmax], { ...good, inputs: [float("X", 1, 2)] }),
      BINARY,
      "model.onnx: its input X must take any number of rows, takes 1; export it with a first dimension that is not fixed",
    ],
    [
      "with an input of whole numbers",
      onnxFile([softmax], { ...good, inputs: [{ ...X, element: ELEMENT.int64 }] }),
      BINARY,
      "model.onnx: its input X must be float32 or float64",
    ],
    [
      "with an input that is no feature",
      onnxFile([softmax], { ...good, inputs: [float("x", undefined, 1), float("y", undefined, 1)] }),
      BINARY,
      "got x, y (no such feature: y)",
    ],
    [
      "with another number of classes",
      onnxFile([softmax], good),
      { kind: "multiclass", classes: ["a", "b", "c"] },
      "model.onnx: must give 3 numbers for each row, [3, 3] for 3 rows, got [3, 2]; its classes are a, b, c",
    ],
    [
      "with labels alone",
      onnxFile([node("ArgMax", ["X"], ["label"], { axis: 1, keepdims: 0 })], {
        inputs: [X],
        outputs: [{ name: "label", element: ELEMENT.int64, shape: [undefined] }],
      }),
      BINARY,
      "model.onnx: must have one output of floats with the scores, or one named probability; its outputs are label",
    ],
    [
      "of an operator that onnxruntime has not",
      onnxFile([node("Magic", ["X"], ["probabilities"])], good),
      BINARY,
      "model.onnx: onnxruntime must be able to run it on 3 rows: ",
    ],
    [
      "with weights in another file",
      onnxFile([softmax], {
        ...good,
        constants: [
          {
            ...int64Constant("w", [1]),
            bytes: Buffer.concat([int64Constant("w", [1]).bytes, Buffer.from([0x70, 1])]),
          },
        ],
      }),
      BINARY,
      "model.onnx: must hold its weights, but has w in another file; export it with external data off",
    ],
  ])("is refused %s", async (_, bytes, task, message) => {
    await expect(adaptModel(bytes, { features, task, sample })).rejects.toThrow(message);
  });
});
