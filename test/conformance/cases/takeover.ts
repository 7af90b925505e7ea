import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { Case } from "../case.ts";

const takeover: Case = {
  title: "plan no change for a stack of many kinds, refresh it, update it and destroy it",
  program: ({ step, namespace }) => {
    const changed = step > 3 ? "b" : "a";
    const metadata = { namespace, labels: { step: changed } };
    const hidden = pulumi.secret("kept secret");
    const id = new random.RandomId("id", { byteLength: 4 });
    const password = new random.RandomPassword("password", { length: 20 });
    const home = new pulumi.ComponentResource("test:index:Home", "home", { hidden });
    const map = new k8s.core.v1.ConfigMap(
      "map",
      { metadata, data: { id: id.hex, password: password.result } },
      { parent: home },
    );
    new k8s.core.v1.Secret("secret", { metadata, stringData: { hidden } });
    new k8s.core.v1.ConfigMap("replaced", { metadata: { namespace }, immutable: true, data: { changed } });
    const provider = new k8s.Provider("own", { namespace });
    new k8s.core.v1.ConfigMap("elsewhere", { metadata: { labels: { of: map.metadata.name } } }, { provider });
    new k8s.apps.v1.Deployment(
      "deployment",
      {
        metadata,
        spec: {
          replicas: 0,
          selector: { matchLabels: { app: "x" } },
          template: {
            metadata: { labels: { app: "x" } },
            spec: {
              containers: [
                { name: "main", image: "example.invalid/none", env: [{ name: "A", value: hidden }] },
              ],
            },
          },
        },
      },
      { ignoreChanges: ["spec.replicas"], customTimeouts: { create: "1m" }, protect: step < 4 },
    );
    if (step < 4) new k8s.core.v1.ConfigMap("gone-later", { metadata }, { dependsOn: [map] });
    return { hidden, name: map.metadata.name, list: [hidden, "open"], changed };
  },
  steps: [{ run: "up" }, { run: "preview" }, { run: "refresh" }, { run: "up" }, { run: "preview" }],
  expectedDifferences: [
    {
      matches:
        /^step \d: state > .*Deployment deployment > .* > spec > containers: engine \[.*, CLI \{"\[secret\]":/,
      documented: "marks single items of a list as secret where the CLI marks the list",
    },
  ],
};
export default takeover;
