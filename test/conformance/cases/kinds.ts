import * as k8s from "@pulumi/kubernetes";
import type { Case } from "../case.ts";

const kinds: Case = {
  title: "make and change one object of each of many kinds",
  program: ({ step, namespace }) => {
    const metadata = { namespace, labels: { step: step > 1 ? "b" : "a" } };
    const account = new k8s.core.v1.ServiceAccount("account", { metadata });
    const role = new k8s.rbac.v1.Role("role", {
      metadata,
      rules: [{ apiGroups: [""], resources: ["configmaps"], verbs: step > 1 ? ["get", "list"] : ["get"] }],
    });
    new k8s.rbac.v1.RoleBinding("binding", {
      metadata,
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: role.metadata.name },
      subjects: [{ kind: "ServiceAccount", name: account.metadata.name, namespace }],
    });
    new k8s.core.v1.Service("service", {
      metadata: { ...metadata, annotations: { "pulumi.com/skipAwait": "true" } },
      spec: { clusterIP: "None", ports: [{ port: step > 1 ? 81 : 80 }] },
    });
    new k8s.networking.v1.NetworkPolicy("policy", {
      metadata,
      spec: { podSelector: {}, policyTypes: ["Ingress"] },
    });
    new k8s.core.v1.ResourceQuota("quota", { metadata, spec: { hard: { pods: step > 1 ? "6" : "5" } } });
    new k8s.batch.v1.CronJob("cron", {
      metadata,
      spec: {
        schedule: step > 1 ? "0 0 2 1 *" : "0 0 1 1 *",
        jobTemplate: {
          spec: {
            template: {
              spec: { restartPolicy: "Never", containers: [{ name: "main", image: "example.invalid/none" }] },
            },
          },
        },
      },
    });
    new k8s.apps.v1.Deployment("deployment", {
      metadata,
      spec: {
        replicas: 0,
        selector: { matchLabels: { app: "x" } },
        template: {
          metadata: { labels: { app: "x" } },
          spec: { containers: [{ name: "main", image: `example.invalid/none:${step > 1 ? "b" : "a"}` }] },
        },
      },
    });
  },
  steps: [{ run: "preview" }, { run: "up" }, { run: "preview" }, { run: "up" }, { run: "up" }],
};
export default kinds;
