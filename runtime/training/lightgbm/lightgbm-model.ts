import { BadInput } from "../../errors.ts";

/** How a split treats a missing value: `none` reads NaN as 0, `nan` sends NaN the default way. */
export type MissingType = "none" | "nan";

export type Split =
  | {
      kind: "numeric";
      feature: number;
      /** x <= threshold goes left. */
      threshold: number;
      missing: MissingType;
      defaultLeft: boolean;
      left: number;
      right: number;
    }
  | {
      kind: "categorical";
      feature: number;
      /** Codes that go left, ascending; anything else and NaN go right. */
      codes: number[];
      left: number;
      right: number;
    };

/** Children are indices into `splits`, or ~leaf (negative). A tree of one leaf has no splits. */
export interface Tree {
  splits: Split[];
  leaves: number[];
}

/** What turns the sums of leaves, one for each output, into the scores: `sigmoid` works on `factor` times the sum. */
export type Transform = "identity" | "exp" | "sigmoid" | "softmax";

export interface LightGbmModel {
  features: string[];
  /** Number of scores of a row: that of the classes, else 1. Tree i adds to output i modulo `outputs`. */
  outputs: number;
  transform: Transform;
  /** Multiplies each sum of leaves before `transform`. */
  factor: number;
  trees: Tree[];
}

/** LightGBM's objectives with the transform of their scores. @see https://lightgbm.readthedocs.io/en/stable/Parameters.html#objective */
const TRANSFORMS: Readonly<Record<string, Transform>> = {
  binary: "sigmoid",
  multiclass: "softmax",
  multiclassova: "sigmoid",
  cross_entropy: "sigmoid",
  regression: "identity",
  regression_l1: "identity",
  huber: "identity",
  fair: "identity",
  quantile: "identity",
  mape: "identity",
  poisson: "exp",
  gamma: "exp",
  tweedie: "exp",
  lambdarank: "identity",
  rank_xendcg: "identity",
};

/**
 * Parses LightGBM's model text (format v4). Throws BadInput for models that are not converted: objectives of your own, labels under a
 * square root, averaged or linear trees, zero as missing.
 * @see https://github.com/microsoft/LightGBM/blob/v4.6.0/src/io/gbdt_model_text.cpp
 */
export function parseLightGbmModel(text: string): LightGbmModel {
  const body = text.split("\nend of trees")[0] ?? "";
  const [head = "", ...blocks] = body.split(/^Tree=\d+$/m);
  const header = fields(head);
  expect(/^tree\s/.test(text) && header["version"] === "v4", "model text must be of format v4");
  const outputs = Number(header["num_tree_per_iteration"] ?? "1");
  expect(!/^average_output$/m.test(head), "averaged trees (random forest) are not supported");
  const [objective = "", ...settings] = (header["objective"] ?? "").split(" ");
  const transform = Object.hasOwn(TRANSFORMS, objective) ? TRANSFORMS[objective] : undefined;
  expect(
    transform !== undefined && !settings.includes("sqrt"),
    `objective must be one of ${Object.keys(TRANSFORMS).join(", ")}, got ${header["objective"] ?? "none"}`,
  );
  const sigmoid = settings.find((setting) => setting.startsWith("sigmoid:"))?.slice("sigmoid:".length);
  expect(blocks.length > 0, "model must have a tree");
  return {
    features: (header["feature_names"] ?? "").split(" "),
    outputs,
    transform,
    factor: Number(sigmoid ?? "1"),
    trees: blocks.map((block, i) => parseTree(fields(block), i)),
  };
}

function parseTree(field: Record<string, string>, index: number): Tree {
  const list = (key: string): number[] =>
    field[key] === undefined || field[key] === "" ? [] : field[key].split(" ").map(toNumber);
  expect((field["is_linear"] ?? "0") === "0", `tree ${index}: linear trees are not supported`);
  const leaves = list("leaf_value");
  const [feature, threshold, decision] = [list("split_feature"), list("threshold"), list("decision_type")];
  const [left, right] = [list("left_child"), list("right_child")];
  const [boundaries, bits] = [list("cat_boundaries"), list("cat_threshold")];
  const count = Number(field["num_leaves"]) - 1;
  expect(
    leaves.length === count + 1 &&
      [feature, threshold, decision, left, right].every((l) => l.length === count),
    `tree ${index}: arrays must fit num_leaves`,
  );
  const splits = feature.map((column, i): Split => {
    const flags = decision[i]!;
    const shape = { feature: column, left: left[i]!, right: right[i]! };
    if ((flags & 1) !== 0) {
      const at = threshold[i]!;
      return {
        kind: "categorical",
        ...shape,
        codes: setBits(bits.slice(boundaries[at], boundaries[at + 1])),
      };
    }
    const missing = (flags >> 2) & 3;
    expect(missing !== 1, `tree ${index}: zero_as_missing is not supported; train without it`);
    return {
      kind: "numeric",
      ...shape,
      threshold: threshold[i]!,
      missing: missing === 2 ? "nan" : "none",
      defaultLeft: (flags & 2) !== 0,
    };
  });
  return { splits, leaves };
}

/** Parses a number. C++ writes infinity as `inf`; it is the threshold of a split between missing and other values. */
function toNumber(text: string): number {
  const value = /^-?inf$/.test(text) ? (text.startsWith("-") ? -Infinity : Infinity) : Number(text);
  expect(!Number.isNaN(value), `must hold numbers, got ${text}`);
  return value;
}

/** Returns the positions of the set bits in words of 32 bits, lowest first. */
function setBits(words: readonly number[]): number[] {
  return words.flatMap((word, i) =>
    Array.from({ length: 32 }, (_, bit) => bit)
      .filter((bit) => ((word >>> bit) & 1) === 1)
      .map((bit) => i * 32 + bit),
  );
}

function fields(block: string): Record<string, string> {
  const pairs = block.split("\n").filter((line) => line.includes("="));
  return Object.fromEntries(
    pairs.map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
  );
}

function expect(rule: boolean, message: string): asserts rule {
  if (!rule) throw new BadInput(`lightgbm model: ${message}`);
}
