import { BadInput } from "../../errors.ts";

interface Format {
  name: string;
  fix: string;
  matches: (head: Buffer) => boolean;
}

const starts =
  (...bytes: number[]): Format["matches"] =>
  (head) =>
    bytes.every((byte, at) => head[at] === byte);
const text =
  (pattern: RegExp): Format["matches"] =>
  (head) =>
    pattern.test(head.toString("latin1"));

const SKLEARN =
  'export it where it was trained: from skl2onnx import to_onnx; open("model.onnx", "wb").write(to_onnx(model, X[:1].astype("float32"), options={"zipmap": False}).SerializeToString())';
const TENSORFLOW =
  "convert it where it was trained: python -m tf2onnx.convert --saved-model FOLDER --output model.onnx";

/** Files of models that are no ONNX, by how they start. */
const FORMATS: readonly Format[] = [
  {
    name: "a pickle, which runs any code of its maker when it is read",
    fix: SKLEARN,
    matches: (head) => head[0] === 0x80 && (head[1] ?? 9) >= 2 && (head[1] ?? 9) <= 5,
  },
  {
    name: "a compressed joblib file, which runs any code of its maker when it is read",
    fix: SKLEARN,
    matches: (head) => [0x9c, 0x5e, 0x01, 0xda].includes(head[1] ?? 0) && head[0] === 0x78,
  },
  {
    name: "a zip archive, such as those of PyTorch, Keras and skops",
    fix: 'export it where it was trained: torch.onnx.export(model.eval(), example, "model.onnx", input_names=["features"], dynamic_axes={"features": {0: "N"}}), or model.export("model.onnx", format="onnx") of Keras',
    matches: starts(0x50, 0x4b, 0x03, 0x04),
  },
  { name: "an HDF5 file of Keras", fix: TENSORFLOW, matches: starts(0x89, 0x48, 0x44, 0x46) },
  {
    name: "a TensorFlow Lite file",
    fix: TENSORFLOW,
    matches: (head) => head.subarray(4, 8).toString("latin1") === "TFL3",
  },
  {
    name: "a text model of LightGBM",
    fix: 'convert it: onnxmltools.convert_lightgbm(booster, initial_types=[("features", FloatTensorType([None, N]))], zipmap=False)',
    matches: text(/^tree\n/),
  },
  {
    name: "JSON or text, such as a model of XGBoost",
    fix: 'convert it: onnxmltools.convert_xgboost(model, initial_types=[("features", FloatTensorType([None, N]))])',
    matches: text(/^\s*[{[<]/),
  },
];

/** Throws BadInput for a file that is known to be no ONNX, with what makes ONNX of it. */
export function refuseFormat(bytes: Uint8Array): void {
  const head = Buffer.from(bytes.subarray(0, 64));
  if (head.length === 0) throw new BadInput("must be an ONNX file, got an empty one; export it again");
  const format = FORMATS.find(({ matches }) => matches(head));
  if (format !== undefined) throw new BadInput(`must be an ONNX file, got ${format.name}; ${format.fix}`);
}

/** Returns the refusal of a folder. */
export function folderFault(entries: readonly string[]): BadInput {
  const isSavedModel = entries.some((name) => name === "saved_model.pb" || name === "saved_model.pbtxt");
  return new BadInput(
    isSavedModel
      ? `must be an ONNX file, got a SavedModel folder of TensorFlow; ${TENSORFLOW}`
      : "must be an ONNX file, got a folder; name the file in it that ends with .onnx",
  );
}
