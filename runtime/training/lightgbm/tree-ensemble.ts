import { floorFloat32 } from "./floor-float32.ts";
import type { LightGbmModel, Split, Tree } from "./lightgbm-model.ts";

/** Attributes of ONNX's TreeEnsembleRegressor (ai.onnx.ml 3), one entry per node or per leaf. */
export interface TreeEnsemble {
  nodes_treeids: number[];
  nodes_nodeids: number[];
  nodes_featureids: number[];
  nodes_modes: ("BRANCH_LEQ" | "BRANCH_EQ" | "LEAF")[];
  nodes_values: number[];
  nodes_truenodeids: number[];
  nodes_falsenodeids: number[];
  /** 1: NaN takes the true branch. */
  nodes_missing_value_tracks_true: number[];
  target_treeids: number[];
  target_nodeids: number[];
  target_ids: number[];
  target_weights: number[];
}

/** Returns the trees of a LightGBM model as one ensemble whose sums are the raw scores times the model's factor. */
export function toTreeEnsemble(model: LightGbmModel): TreeEnsemble {
  const out: TreeEnsemble = {
    nodes_treeids: [],
    nodes_nodeids: [],
    nodes_featureids: [],
    nodes_modes: [],
    nodes_values: [],
    nodes_truenodeids: [],
    nodes_falsenodeids: [],
    nodes_missing_value_tracks_true: [],
    target_treeids: [],
    target_nodeids: [],
    target_ids: [],
    target_weights: [],
  };
  model.trees.forEach((tree, id) =>
    addTree(out, tree, { id, target: id % model.outputs, factor: model.factor }),
  );
  return out;
}

/** Adds a tree. A split on a set of codes becomes a chain of equality tests with the same true branch. */
function addTree(
  out: TreeEnsemble,
  tree: Tree,
  { id, target, factor }: { id: number; target: number; factor: number },
): void {
  const width = tree.splits.map((split) => (split.kind === "numeric" ? 1 : Math.max(1, split.codes.length)));
  const firstNode: number[] = [];
  let nodes = 0;
  for (const count of width) {
    firstNode.push(nodes);
    nodes += count;
  }
  const nodeOf = (child: number): number => (child >= 0 ? firstNode[child]! : nodes + ~child);

  tree.splits.forEach((split, i) => {
    for (const [step, test] of testsOf(split).entries()) {
      const last = step === width[i]! - 1;
      out.nodes_treeids.push(id);
      out.nodes_nodeids.push(firstNode[i]! + step);
      out.nodes_featureids.push(split.feature);
      out.nodes_modes.push(test.mode);
      out.nodes_values.push(test.value);
      out.nodes_truenodeids.push(nodeOf(split.left));
      out.nodes_falsenodeids.push(last ? nodeOf(split.right) : firstNode[i]! + step + 1);
      out.nodes_missing_value_tracks_true.push(test.missingIsTrue ? 1 : 0);
    }
  });
  tree.leaves.forEach((value, leaf) => {
    out.nodes_treeids.push(id);
    out.nodes_nodeids.push(nodes + leaf);
    out.nodes_featureids.push(0);
    out.nodes_modes.push("LEAF");
    out.nodes_values.push(0);
    out.nodes_truenodeids.push(0);
    out.nodes_falsenodeids.push(0);
    out.nodes_missing_value_tracks_true.push(0);
    out.target_treeids.push(id);
    out.target_nodeids.push(nodes + leaf);
    out.target_ids.push(target);
    out.target_weights.push(value * factor);
  });
}

interface Test {
  mode: "BRANCH_LEQ" | "BRANCH_EQ";
  value: number;
  missingIsTrue: boolean;
}

function testsOf(split: Split): Test[] {
  if (split.kind === "numeric") {
    const { threshold, missing, defaultLeft } = split;
    const missingIsTrue = missing === "nan" ? defaultLeft : 0 <= threshold;
    return [{ mode: "BRANCH_LEQ", value: floorFloat32(threshold), missingIsTrue }];
  }
  const codes = split.codes.length === 0 ? [-1] : split.codes; // an empty set: no code is -1, so all rows go right
  return codes.map((value) => ({ mode: "BRANCH_EQ", value, missingIsTrue: false }));
}
