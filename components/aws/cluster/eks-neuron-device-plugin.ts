import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { commonLabels, selectorLabels, SKIP_AWAIT } from "../../platform/kubernetes/labels.ts";
import { anywhere, tcp } from "../../platform/kubernetes/network-rules.ts";
import { devicePluginPod } from "../../platform/gpu/device-plugin-pod.ts";
import type { GpuSystem } from "../../platform/gpu/gpu-system.ts";
import { NEURON_LABEL, NEURON_TAINT } from "./eks-neuron-node-pool.ts";

export interface EksNeuronDevicePluginArgs {
  /** Namespace of the accelerator add-ons. */
  system: GpuSystem;
  /** Image of AWS's neuron-device-plugin by digest. */
  image: pulumi.Input<string>;
}

const APP = "neuron-device-plugin";

/**
 * The Neuron device plugin, which registers the Inferentia and Trainium chips of a node with the kubelet. It records the
 * chips of a pod in an annotation, and therefore may read nodes and change the annotations of pods.
 *
 * @example
 * new EksNeuronDevicePlugin("neuron", { system, image }, { provider: cluster.provider });
 * @see https://awsdocs-neuron.readthedocs-hosted.com/en/latest/containers/kubernetes-getting-started.html
 */
export class EksNeuronDevicePlugin extends pulumi.ComponentResource {
  constructor(name: string, args: EksNeuronDevicePluginArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:cluster:EksNeuronDevicePlugin", name, {}, opts);
    const { system, image } = args;
    const { namespace } = system;
    const labels = commonLabels(APP, "neuron");
    const selector = selectorLabels(APP, "neuron");
    const child = { parent: this, deletedWith: system.resource };
    const account = new k8s.core.v1.ServiceAccount(
      `${name}-account`,
      { metadata: { name: APP, namespace, labels }, automountServiceAccountToken: false },
      child,
    );
    const role = new k8s.rbac.v1.ClusterRole(
      `${name}-role`,
      {
        metadata: { name: APP, labels },
        rules: [
          { apiGroups: [""], resources: ["nodes"], verbs: ["get", "list", "watch"] },
          { apiGroups: [""], resources: ["nodes/status"], verbs: ["patch", "update"] },
          { apiGroups: [""], resources: ["events"], verbs: ["create", "patch"] },
          { apiGroups: [""], resources: ["pods"], verbs: ["get", "list", "watch", "patch", "update"] },
        ],
      },
      { parent: this },
    );
    const binding = new k8s.rbac.v1.ClusterRoleBinding(
      `${name}-binding`,
      {
        metadata: { name: APP, labels },
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: role.metadata.name },
        subjects: [{ kind: "ServiceAccount", name: account.metadata.name, namespace }],
      },
      { parent: this },
    );
    const egress = new k8s.networking.v1.NetworkPolicy(
      `${name}-egress`,
      {
        metadata: { name: `${APP}-egress`, namespace, labels },
        spec: {
          podSelector: { matchLabels: selector },
          policyTypes: ["Egress"],
          egress: [{ to: [anywhere], ports: tcp(443) }], // the API server, whose address is not known in advance
        },
      },
      child,
    );
    new k8s.apps.v1.DaemonSet(
      `${name}-daemon`,
      {
        metadata: { name: APP, namespace, labels, annotations: SKIP_AWAIT },
        spec: {
          selector: { matchLabels: selector },
          updateStrategy: { type: "RollingUpdate" },
          template: {
            metadata: { labels },
            spec: {
              priorityClassName: "system-node-critical",
              nodeSelector: { [NEURON_LABEL]: "present" },
              tolerations: [{ key: NEURON_TAINT.key, operator: "Exists", effect: NEURON_TAINT.effect }],
              ...devicePluginPod({
                name: APP,
                image,
                serviceAccount: account.metadata.name,
                usesApiServer: true,
                env: [{ name: "NODE_NAME", valueFrom: { fieldRef: { fieldPath: "spec.nodeName" } } }],
                mounts: [
                  {
                    mount: { name: "run", mountPath: "/run", readOnly: true },
                    volume: { name: "run", hostPath: { path: "/run", type: "Directory" } },
                  },
                ],
              }),
            },
          },
        },
      },
      { parent: this, dependsOn: [binding, egress] }, // no deletedWith: it needs its role binding until it is deleted
    );
    this.registerOutputs({});
  }
}
