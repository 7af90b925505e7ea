import * as k8s from "@pulumi/kubernetes";
import type { Case } from "../case.ts";

const customResource: Case = {
  title: "make a definition and an object of its kind in one run, and change the object",
  program: ({ step, namespace }) => {
    const group = `${namespace}.example.com`;
    const definition = new k8s.apiextensions.v1.CustomResourceDefinition("definition", {
      metadata: { name: `gadgets.${group}` },
      spec: {
        group,
        scope: "Namespaced",
        names: { plural: "gadgets", singular: "gadget", kind: "Gadget" },
        versions: [
          {
            name: "v1",
            served: true,
            storage: true,
            schema: { openAPIV3Schema: { type: "object", x_kubernetes_preserve_unknown_fields: true } },
          },
        ],
      },
    });
    new k8s.apiextensions.CustomResource(
      "gadget",
      {
        apiVersion: `${group}/v1`,
        kind: "Gadget",
        metadata: { namespace },
        spec: { size: step > 1 ? 2 : 1 },
      },
      { dependsOn: [definition] },
    );
  },
  steps: [{ run: "up" }, { run: "preview" }, { run: "up" }],
};
export default customResource;
