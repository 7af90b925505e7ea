import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { Case } from "../case.ts";

const unknownNamesCase: Case = {
  title: "plan objects whose names only an update gives",
  program: ({ namespace }) => {
    const id = new random.RandomId("id", { byteLength: 4 });
    const space = new k8s.core.v1.ConfigMap("named", {
      metadata: { namespace, name: pulumi.interpolate`map-${id.hex}` },
    });
    new k8s.core.v1.ConfigMap("user", {
      metadata: {
        namespace,
        labels: { of: space.metadata.name },
        annotations: id.hex.apply((hex) => ({ hex })),
      },
    });
    return { name: space.metadata.name };
  },
  steps: [{ run: "preview" }, { run: "up" }, { run: "preview" }, { run: "up" }],
};
export default unknownNamesCase;
