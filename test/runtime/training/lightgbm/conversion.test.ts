import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { floorFloat32 } from "../../../../runtime/training/lightgbm/floor-float32.ts";
import { parseLightGbmModel } from "../../../../runtime/training/lightgbm/lightgbm-model.ts";
import { toTreeEnsemble } from "../../../../runtime/training/lightgbm/tree-ensemble.ts";

describe("a threshold cut to float32", () => {
  it("keeps every float32 on its side", () => {
    const threshold = fc.oneof(
      fc.double({ noNaN: true }),
      fc.float({ noNaN: true }).map((x) => x + 1e-12),
    );
    fc.assert(
      fc.property(threshold, fc.float({ noNaN: true }), (t, x) => {
        const cut = floorFloat32(t);
        expect(Math.fround(cut)).toBe(cut);
        expect(x <= cut).toBe(x <= t);
        expect(cut <= t).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    [0.1, Math.fround(0.1) - 2 ** -27], // float32 next to 0.1 is above it: one step down
    [21.500000000000004, 21.5],
    [-1e-300, -1.401298464324817e-45],
    [1e300, 3.4028234663852886e38],
    [-1e300, -Infinity],
    [Infinity, Infinity],
  ])("takes %d to %d", (from, to) => {
    expect(floorFloat32(from)).toBe(to);
  });
});

const HEAD = `tree
version=v4
num_class=1
num_tree_per_iteration=1
label_index=0
max_feature_idx=1
objective=binary sigmoid:2
feature_names=delay carrier
tree_sizes=1

`;
/** Two splits: delay <= 0.1 (NaN goes right), then on the left carrier in {1, 33}. */
const TREE = `Tree=0
num_leaves=3
num_cat=1
split_feature=0 1
threshold=0.10000000000000001 0
decision_type=8 1
left_child=1 -1
right_child=-3 -2
leaf_value=0.5 -0.25 1
cat_boundaries=0 2
cat_threshold=2 2
is_linear=0
shrinkage=1


end of trees
`;

describe("LightGBM's model text", () => {
  it("is parsed into splits and leaves", () => {
    expect(parseLightGbmModel(HEAD + TREE)).toEqual({
      features: ["delay", "carrier"],
      outputs: 1,
      transform: "sigmoid",
      factor: 2,
      trees: [
        {
          splits: [
            {
              kind: "numeric",
              feature: 0,
              threshold: 0.1,
              missing: "nan",
              defaultLeft: false,
              left: 1,
              right: -3,
            },
            { kind: "categorical", feature: 1, codes: [1, 33], left: -1, right: -2 },
          ],
          leaves: [0.5, -0.25, 1],
        },
      ],
    });
  });

  it("may split the missing from all others, and may have a tree of one leaf", () => {
    const text = TREE.replace("threshold=0.10000000000000001", "threshold=inf");
    expect(parseLightGbmModel(HEAD + text).trees[0]?.splits[0]).toMatchObject({ threshold: Infinity });
    const stump = "Tree=0\nnum_leaves=1\nnum_cat=0\nleaf_value=0.7\n\nend of trees\n";
    expect(parseLightGbmModel(HEAD + stump).trees).toEqual([{ splits: [], leaves: [0.7] }]);
  });

  it.each([
    ["another version", "version=v4", "version=v3", /format v4/],
    ["another objective", "binary sigmoid:2", "custom", /objective must be one of binary, .*, got custom/],
    ["averaged trees", "label_index=0", "average_output", /random forest/],
    ["linear trees", "is_linear=0", "is_linear=1", /linear trees/],
    ["zero as missing", "decision_type=8 1", "decision_type=4 1", /zero_as_missing/],
    ["arrays that do not fit", "leaf_value=0.5 -0.25 1", "leaf_value=0.5", /must fit num_leaves/],
    ["words for numbers", "leaf_value=0.5", "leaf_value=x", /must hold numbers, got x/],
    ["no tree", "Tree=0", "Twig=0", /must have a tree/],
  ])("is refused with %s", (_, from, to, message) => {
    expect(() => parseLightGbmModel((HEAD + TREE).replace(from, to))).toThrow(message);
  });
});

describe("the tree ensemble", () => {
  it("tests a set of codes one after the other, sharing the left branch, and multiplies leaves by the sigmoid factor", () => {
    const ensemble = toTreeEnsemble(parseLightGbmModel(HEAD + TREE));
    expect(ensemble).toEqual({
      nodes_treeids: [0, 0, 0, 0, 0, 0],
      nodes_nodeids: [0, 1, 2, 3, 4, 5],
      nodes_featureids: [0, 1, 1, 0, 0, 0],
      nodes_modes: ["BRANCH_LEQ", "BRANCH_EQ", "BRANCH_EQ", "LEAF", "LEAF", "LEAF"],
      nodes_values: [floorFloat32(0.1), 1, 33, 0, 0, 0],
      nodes_truenodeids: [1, 3, 3, 0, 0, 0],
      nodes_falsenodeids: [5, 2, 4, 0, 0, 0],
      nodes_missing_value_tracks_true: [0, 0, 0, 0, 0, 0],
      target_treeids: [0, 0, 0],
      target_nodeids: [3, 4, 5],
      target_ids: [0, 0, 0],
      target_weights: [1, -0.5, 2],
    });
  });

  it.each([
    ["NaN goes the default way", 10, "0.1", 1],
    ["NaN goes the default way", 8, "0.1", 0],
    ["NaN counts as 0, which is at most 0.1", 2, "0.1", 1],
    ["NaN counts as 0, which is above -0.1", 2, "-0.1", 0],
  ])("%s (decision type %i, threshold %s)", (_, type, threshold, tracksTrue) => {
    const text = TREE.replace("decision_type=8", `decision_type=${type}`).replace(
      "=0.10000000000000001",
      `=${threshold}`,
    );
    expect(toTreeEnsemble(parseLightGbmModel(HEAD + text)).nodes_missing_value_tracks_true[0]).toBe(
      tracksTrue,
    );
  });
});
