import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findImportedModel, type ImportedModel } from "../../../operations/register/find-imported-model.ts";
import { parseCsv } from "../../../operations/register/parse-csv.ts";
import { readModelFile } from "../../../operations/register/read-model-file.ts";
import { workloadSchema } from "../../../runtime/contract/workload.ts";
import { flightDelays } from "../../runtime/support/flight-delays.ts";
import { LOANS } from "./loans-workload.ts";

const FIXTURES = join(import.meta.dirname, "../../runtime/onnx/fixtures");
const loans = workloadSchema.parse(LOANS);

let folder: string;
let model: ImportedModel;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "model-file-"));
  model = await findImportedModel({ model: "repaid" }, [loans]);
});
afterAll(() => rm(folder, { recursive: true }));

async function file(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

describe("a file that is no ONNX is refused with what makes ONNX of it:", () => {
  it.each<[string, Uint8Array | string, RegExp]>([
    [
      "a pickle",
      Uint8Array.from([0x80, 4, 0x95, 1, 2]),
      /model: must be an ONNX file, got a pickle, which runs any code .* to_onnx/,
    ],
    ["a compressed joblib file", Uint8Array.from([0x78, 0x9c, 1, 2]), /joblib.*to_onnx/],
    ["a PyTorch archive", Uint8Array.from([0x50, 0x4b, 3, 4, 0]), /torch.onnx.export/],
    ["a Keras file", Uint8Array.from([0x89, 0x48, 0x44, 0x46, 0]), /tf2onnx/],
    ["a LightGBM model", "tree\nversion=v4\n", /convert_lightgbm/],
    ["an XGBoost model", '{"learner": {}}', /convert_xgboost/],
    ["an empty file", "", /got an empty one/],
    ["noise", "hello, this is no model at all", /must be a whole ONNX file/],
  ])("%s", async (_, content, message) => {
    await expect(readModelFile({ onnx: await file("model", content) }, model)).rejects.toThrow(message);
  });

  it("a SavedModel folder, another folder, and no file", async () => {
    const saved = join(folder, "saved");
    await mkdir(saved);
    await expect(readModelFile({ onnx: saved }, model)).rejects.toThrow("got a folder; name the file");
    await writeFile(join(saved, "saved_model.pb"), "x");
    await expect(readModelFile({ onnx: saved }, model)).rejects.toThrow(
      `${saved}: must be an ONNX file, got a SavedModel folder of TensorFlow; convert it where it was trained: python -m tf2onnx.convert --saved-model FOLDER --output model.onnx`,
    );
    await expect(readModelFile({ onnx: join(folder, "none") }, model)).rejects.toThrow(
      /none: must be a file that can be read/,
    );
  });
});

describe("examples", () => {
  const onnx = join(FIXTURES, "skl-zipmap.onnx");
  const examples = async (text: string): Promise<string> => file("examples.csv", text);
  let scores: number[];
  beforeAll(async () => {
    ({ binary: scores } = JSON.parse(await readFile(join(FIXTURES, "expected.json"), "utf8")) as {
      binary: number[];
    });
  });

  it("are compared with the scores of the file, whatever the order of their columns", async () => {
    const text = `probability,age,amount,other\n${scores[0]},30,10,x\n"${scores[1]}",25,90,"a, ""b"""\n`;
    const { examples: result } = await readModelFile({ onnx, examples: await examples(text) }, model);
    expect(result?.rows).toBe(2);
    expect(result?.maxAbsoluteDifference).toBeLessThan(1e-5);
  });

  it.each([
    [
      "amount,age,probability\n10,30,0.5\n",
      /examples.csv: line 2: the file must score 0.5 to 0.00001, got 0.01\d+; compare the order of the columns/,
    ],
    [
      "amount,probability\n10,0.5\n",
      /must name the columns amount, age, probability, got none of the name age/,
    ],
    ["amount,age,probability\n10,old,0.5\n", /line 2: age must be a number, got "old"/],
    ["amount,age,probability\n", /must have rows/],
    ['amount,age,probability\n10,"30,0.5\n', /a quote must end/],
  ])("%j are refused", async (text, message) => {
    await expect(readModelFile({ onnx, examples: await examples(text) }, model)).rejects.toThrow(message);
  });

  it("are CSV with quotes", () => {
    expect(parseCsv('\uFEFFa,"b ""c"", d"\r\n\r\n1,\n')).toEqual([
      ["a", 'b "c", d'],
      ["1", ""],
    ]);
  });
});

describe("the model of a file", () => {
  it.each([
    [{ model: "repayed" }, /no workload has such a model; did you mean repaid\?|did you mean/],
    [{ model: "pushback" }, /its trainer must be { kind: "import" }, got lightgbm/],
    [{ model: "repaid", workload: "loan" }, /must be one of flight-delays, loans, got loan/],
  ])("%j is refused", async (request, message) => {
    await expect(findImportedModel(request, [flightDelays, loans])).rejects.toThrow(message);
  });

  it("of two workloads needs the workload", async () => {
    const both = [loans, { ...loans, name: "other" }];
    await expect(findImportedModel({ model: "repaid" }, both)).rejects.toThrow(
      "loans and other have a model of this name; name one with --workload",
    );
    expect((await findImportedModel({ model: "repaid", workload: "other" }, both)).workload.name).toBe(
      "other",
    );
  });
});
