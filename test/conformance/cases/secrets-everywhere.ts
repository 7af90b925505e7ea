import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Case } from "../case.ts";

const secretsEverywhereCase: Case = {
  title: "keep secrets secret in names, labels, lists and environment",
  program: ({ step, namespace }) => {
    const hidden = pulumi.secret("hidden-name");
    const label = pulumi.secret(step > 2 ? "b" : "a");
    new k8s.core.v1.ConfigMap("named", { metadata: { namespace, name: hidden, labels: { label } } });
    const deployment = new k8s.apps.v1.Deployment("deployment", {
      metadata: { namespace },
      spec: {
        replicas: 0,
        selector: { matchLabels: { app: "x" } },
        template: {
          metadata: { labels: { app: "x" } },
          spec: {
            containers: [
              {
                name: "main",
                image: "example.invalid/none",
                env: [
                  { name: "A", value: "1" },
                  { name: "B", value: label },
                ],
              },
            ],
          },
        },
      },
    });
    return {
      replicas: deployment.spec.replicas,
      env: deployment.spec.template.spec.containers.apply(([main]) => main?.env),
      open: pulumi.unsecret(hidden),
    };
  },
  steps: [{ run: "up" }, { run: "up" }, { run: "preview" }, { run: "up" }, { run: "refresh" }],
  expectedDifferences: [
    {
      matches:
        /^step \d: state > .*Deployment deployment > (inputs|outputs > __inputs|outputs) > spec > template > spec > containers/,
      documented: "marks single items of a list as secret where the CLI marks the list",
    },
  ],
};
export default secretsEverywhereCase;
