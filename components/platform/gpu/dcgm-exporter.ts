import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { dcgmCounters } from "../monitoring/dcgm-counters.ts";
import { allGpus, onGpuNodes } from "./gpu-daemon.ts";
import { commonLabels, scrapeAnnotations, selectorLabels, SKIP_AWAIT } from "../kubernetes/labels.ts";
import type { MetricsExporter } from "../monitoring/metrics-exporter.ts";
import { rootContainer } from "../kubernetes/pod-security.ts";
import { resources } from "../kubernetes/resources.ts";
import { GPU_METRICS_PORT, type GpuSystem } from "./gpu-system.ts";

export interface DcgmExporterArgs {
  system: GpuSystem;
  /** NVIDIA's dcgm-exporter, by digest. */
  image: pulumi.Input<string>;
}

const APP = "dcgm-exporter";
const COUNTERS_DIR = "/etc/slipway";

/**
 * Deploys NVIDIA's dcgm-exporter on every node with GPUs. Its metrics name each GPU and the pod that uses the GPU.
 *
 * @example
 * new DcgmExporter("dcgm-exporter", { system, image }, { provider: cluster.provider });
 */
export class DcgmExporter extends pulumi.ComponentResource {
  /** Scrape target: pass it to `Monitoring` in `exporters`. */
  readonly metrics: MetricsExporter;

  constructor(name: string, args: DcgmExporterArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:gpu:DcgmExporter", name, {}, opts);
    const { system, image } = args;
    const labels = commonLabels(APP, "gpu");
    const selector = selectorLabels(APP, "gpu");
    const metadata = { name: APP, namespace: system.namespace, labels };
    const childOptions = { parent: this, deletedWith: system.resource };
    this.metrics = {
      name: APP,
      namespace: system.name,
      host: `${APP}.${system.name}.svc`,
      port: GPU_METRICS_PORT,
      measures: "gpus",
    };
    const account = new k8s.core.v1.ServiceAccount(
      `${name}-account`,
      { metadata, automountServiceAccountToken: false },
      childOptions,
    );
    const counters = new k8s.core.v1.ConfigMap(
      `${name}-counters`,
      {
        metadata: { namespace: system.namespace, labels },
        immutable: true,
        data: { "counters.csv": dcgmCounters() },
      },
      childOptions,
    );
    new k8s.apps.v1.DaemonSet(
      `${name}-daemon`,
      {
        // The autoscaler adds and removes GPU nodes, so there may be no pod to wait for.
        metadata: { ...metadata, annotations: SKIP_AWAIT },
        spec: {
          selector: { matchLabels: selector },
          updateStrategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: "20%" } },
          template: {
            metadata: { labels, annotations: scrapeAnnotations(GPU_METRICS_PORT) },
            spec: {
              ...onGpuNodes,
              serviceAccountName: account.metadata.name,
              automountServiceAccountToken: false,
              enableServiceLinks: false,
              securityContext: { seccompProfile: { type: "RuntimeDefault" } },
              containers: [
                {
                  name: APP,
                  image,
                  args: ["-f", `${COUNTERS_DIR}/counters.csv`],
                  env: [
                    ...allGpus.env,
                    { name: "DCGM_EXPORTER_LISTEN", value: `:${GPU_METRICS_PORT}` },
                    { name: "DCGM_EXPORTER_KUBERNETES", value: "true" },
                    {
                      name: "NODE_NAME",
                      valueFrom: { fieldRef: { fieldPath: "spec.nodeName" } },
                    },
                  ],
                  ports: [{ name: "metrics", containerPort: GPU_METRICS_PORT }],
                  resources: resources({
                    cpuRequestMillis: 50,
                    cpuLimitMillis: 500,
                    memoryMib: 512,
                    memoryRequestMib: 256,
                  }),
                  securityContext: rootContainer(["SYS_ADMIN"]), // for the profiling fields
                  startupProbe: { httpGet: { path: "/health", port: "metrics" }, failureThreshold: 60 },
                  readinessProbe: { httpGet: { path: "/health", port: "metrics" } },
                  livenessProbe: {
                    httpGet: { path: "/health", port: "metrics" },
                    periodSeconds: 30,
                    failureThreshold: 5,
                  },
                  volumeMounts: [
                    allGpus.mount,
                    { name: "counters", mountPath: COUNTERS_DIR, readOnly: true },
                    { name: "pod-resources", mountPath: "/var/lib/kubelet/pod-resources", readOnly: true },
                    { name: "tmp", mountPath: "/tmp" },
                  ],
                },
              ],
              volumes: [
                allGpus.volume,
                { name: "counters", configMap: { name: counters.metadata.name } },
                // Socket of the kubelet that tells which pod uses which GPU.
                { name: "pod-resources", hostPath: { path: "/var/lib/kubelet/pod-resources" } },
                { name: "tmp", emptyDir: { sizeLimit: "64Mi" } },
              ],
            },
          },
        },
      },
      childOptions,
    );
    new k8s.core.v1.Service(
      `${name}-service`,
      {
        metadata: { ...metadata, annotations: SKIP_AWAIT },
        spec: {
          clusterIP: "None",
          selector,
          ports: [{ name: "metrics", port: GPU_METRICS_PORT, targetPort: "metrics" }],
        },
      },
      childOptions,
    );
    this.registerOutputs({ metrics: this.metrics });
  }
}
