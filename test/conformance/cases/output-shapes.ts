import * as k8s from "@pulumi/kubernetes";
import type { Case } from "../case.ts";

const outputShapesCase: Case = {
  title: "keep outputs of every shape, and notice that only outputs changed",
  program: ({ step, namespace }) => {
    const map = new k8s.core.v1.ConfigMap("map", { metadata: { namespace, name: "map" }, data: { a: "1" } });
    return {
      resource: map,
      nothing: undefined,
      null: null,
      numbers: [0, -1, 1.5, 1e21],
      deep: { list: [[], {}, [[1]]], text: "ä\n\u0000\u{1F600}", flag: false },
      step: step > 2 ? "b" : "a",
      promise: Promise.resolve({ later: map.metadata.name }),
    };
  },
  steps: [{ run: "preview" }, { run: "up" }, { run: "preview" }, { run: "up" }],
};
export default outputShapesCase;
