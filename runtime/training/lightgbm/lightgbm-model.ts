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

export interface LightGbmModel {
  features: string[];
  /** Probability = 1 / (1 + exp(-sigmoid * sum of leaves)). */
  sigmoid: number;
  trees: Tree[];
}

/**
 * Parses LightGBM's model text (format v4) of a binary classifier. Throws BadInput for models that are not converted: other
 * objectives, several classes, averaged or linear trees, zero as missing.
 * @see https://github.com/microsoft/LightGBM/blob/v4.6.0/src/io/gbdt_model_text.cpp
 */
export function parseLightGbmModel(text: string): LightGbmModel {
  const body = text.split("\nend of trees")[0] ?? "";
  const [head = "", ...blocks] = body.split(/^Tree=\d+$/m);
  const header = fields(head);
  expect(/^tree\s/.test(text) && header["version"] === "v4", "model text must be of format v4");
  expect(header["num_class"] === "1", `num_class must be 1, got ${header["num_class"]}`);
  expect(!/^average_output$/m.test(head), "averaged trees (random forest) are not supported");
  const sigmoid = /^binary sigmoid:(\S+)$/.exec(header["objective"] ?? "")?.[1];
  expect(sigmoid !== undefined, `objective must be binary, got ${header["objective"]}`);
  expect(blocks.length > 0, "model must have a tree");
  return {
    features: (header["feature_names"] ?? "").split(" "),
    sigmoid: Number(sigmoid),
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
