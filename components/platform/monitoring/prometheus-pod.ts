import type { types } from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { PORT } from "../../../runtime/contract/port.ts";
import { resources } from "../kubernetes/resources.ts";
import type { RegistryAccess } from "../kubernetes/runtime-container.ts";
import { prometheusProbes, serverPod } from "../kubernetes/server-pod.ts";
import { PROMETHEUS_CONFIG_DIR } from "./prometheus-config.ts";

export interface PrometheusPodOptions {
  /** Image whose entry point is `prometheus`. */
  image: pulumi.Input<string>;
  registry: RegistryAccess;
  serviceAccount: pulumi.Input<string>;
  /** Name of the ConfigMap with the configuration and the rules. */
  configMap: pulumi.Input<string>;
  /** Name of the claim of the volume for metrics. */
  volumeClaim: pulumi.Input<string>;
  /** Days that metrics are kept. */
  retentionDays: number;
  /** Size of the volume in GiB. Metrics take at most nine tenths of it. */
  storageGib: number;
  /** Seconds between evaluations of rules. */
  scrapeSeconds: number;
  /** Labels of the nodes that the pod may run on. @default - any node */
  nodeSelector?: Readonly<Record<string, string>> | undefined;
}

/** Returns the pod of Prometheus. */
export function prometheusPod(options: PrometheusPodOptions): types.input.core.v1.PodSpec {
  const { image, registry, serviceAccount, retentionDays, storageGib, scrapeSeconds, nodeSelector } = options;
  return serverPod({
    name: "prometheus",
    image,
    args: [
      `--config.file=${PROMETHEUS_CONFIG_DIR}/prometheus.yml`,
      "--storage.tsdb.path=/prometheus",
      `--storage.tsdb.retention.time=${retentionDays}d`,
      `--storage.tsdb.retention.size=${Math.floor(storageGib * 1024 * 0.9)}MB`,
      `--web.listen-address=:${PORT.prometheus}`,
      "--web.enable-lifecycle", // enables the reload by HTTP; only pods of this namespace may call it
      // Keeps the state of pending and firing alerts over a restart, even if their `for` is short.
      `--rules.alert.for-grace-period=${scrapeSeconds}s`,
    ],
    port: { name: "http", number: PORT.prometheus },
    registry,
    serviceAccount,
    resources: resources({
      cpuRequestMillis: 50,
      cpuLimitMillis: 1000,
      memoryMib: 1024,
      memoryRequestMib: 256,
    }),
    volumes: {
      [PROMETHEUS_CONFIG_DIR]: { name: "config", configMap: { name: options.configMap } },
      "/prometheus": { name: "data", persistentVolumeClaim: { claimName: options.volumeClaim } },
    },
    probes: prometheusProbes("http"),
    terminationGracePeriodSeconds: 60,
    nodeSelector,
  });
}
