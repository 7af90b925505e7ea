import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Case } from "../case.ts";

const transformsOfOptionsCase: Case = {
  title: "apply transforms that change options",
  program: ({ step, namespace }) => {
    pulumi.runtime.registerResourceTransform(({ name, type, props, opts }) => {
      if (type !== "kubernetes:core/v1:ConfigMap") return undefined;
      if (name === "ignored") return { props, opts: { ...opts, ignoreChanges: ["data"] } };
      if (name === "hidden") return { props, opts: { ...opts, additionalSecretOutputs: ["data"] } };
      if (name === "kept") return { props, opts: { ...opts, retainOnDelete: true } };
      if (name === "named") return { props, opts: { ...opts, aliases: [{ name: "former" }] } };
      return { props, opts: { ...opts, customTimeouts: { create: "1m", update: "90s" } } };
    });
    const metadata = { namespace };
    const data = { step: String(step) };
    new k8s.core.v1.ConfigMap("ignored", { metadata, data });
    new k8s.core.v1.ConfigMap("hidden", { metadata, data: { a: "1" } });
    new k8s.core.v1.ConfigMap("kept", { metadata: { ...metadata, name: "kept" }, data: { a: "1" } });
    new k8s.core.v1.ConfigMap("timed", { metadata, data: { a: "1" } });
    new k8s.core.v1.ConfigMap(step === 1 ? "former" : "named", { metadata, data: { a: "1" } });
  },
  steps: [{ run: "up" }, { run: "preview" }, { run: "up" }],
};
export default transformsOfOptionsCase;
