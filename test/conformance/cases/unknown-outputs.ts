import * as k8s from "@pulumi/kubernetes";
import * as random from "@pulumi/random";
import * as pulumi from "@pulumi/pulumi";
import type { Case } from "../case.ts";

const unknownOutputs: Case = {
  title: "show in a preview what is known only after an update",
  program: ({ namespace }) => {
    const id = new random.RandomId("id", { byteLength: 4 });
    const map = new k8s.core.v1.ConfigMap("map", {
      metadata: { namespace },
      data: { id: id.hex, known: "yes" },
    });
    return {
      hex: id.hex.apply((hex) => hex.length),
      all: pulumi.all([map.data, id.b64Url]).apply(([data]) => Object.keys(data)),
    };
  },
  steps: [{ run: "preview" }, { run: "up" }, { run: "preview" }],
};
export default unknownOutputs;
