import type { types } from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { restrictedContainer } from "./pod-security.ts";
import { restrictedPodSpec, type RegistryAccess } from "./runtime-container.ts";

type Volume = types.input.core.v1.Volume;

export interface ServerPodOptions {
  /** Name of the container. */
  name: string;
  image: pulumi.Input<string>;
  args: pulumi.Input<string>[];
  /** The only port that the server listens on. */
  port: { name: string; number: number };
  registry: RegistryAccess;
  serviceAccount: pulumi.Input<string>;
  resources: types.input.core.v1.ResourceRequirements;
  /** Volumes by mount path. ConfigMaps and Secrets are mounted read-only. */
  volumes: Readonly<Record<string, Volume>>;
  probes: Pick<types.input.core.v1.Container, "startupProbe" | "readinessProbe" | "livenessProbe">;
  /** Seconds between SIGTERM and the kill. @default 30 */
  terminationGracePeriodSeconds?: number;
  /** Labels of the nodes that the pod may run on. @default - any node */
  nodeSelector?: Readonly<Record<string, string>> | undefined;
}

/** Returns the pod of a third-party server, such as Redis: Pod Security `restricted`, with a read-only root file system. */
export function serverPod(options: ServerPodOptions): types.input.core.v1.PodSpec {
  const { name, image, args, port, registry, serviceAccount } = options;
  const { resources, volumes, probes, terminationGracePeriodSeconds = 30 } = options;
  return {
    ...restrictedPodSpec(serviceAccount, registry),
    terminationGracePeriodSeconds,
    ...(options.nodeSelector === undefined ? {} : { nodeSelector: { ...options.nodeSelector } }),
    containers: [
      {
        name,
        image,
        args,
        ports: [{ name: port.name, containerPort: port.number }],
        resources,
        securityContext: restrictedContainer,
        ...probes,
        volumeMounts: Object.entries(volumes).map(([mountPath, volume]) => ({
          name: volume.name,
          mountPath,
          ...("configMap" in volume || "secret" in volume ? { readOnly: true } : {}),
        })),
      },
    ],
    volumes: Object.values(volumes),
  };
}

/** Returns TCP probes for a server without a health route. It has two minutes to start, and restarts after a minute without an answer. */
export function tcpProbes(port: string): ServerPodOptions["probes"] {
  return {
    startupProbe: { tcpSocket: { port }, periodSeconds: 1, failureThreshold: 120 },
    readinessProbe: { tcpSocket: { port }, periodSeconds: 5 },
    livenessProbe: { tcpSocket: { port }, periodSeconds: 10, failureThreshold: 6 },
  };
}

/** Returns probes that call the health routes of a server of the Prometheus project. */
export function prometheusProbes(port: string): ServerPodOptions["probes"] {
  const ready = { path: "/-/ready", port };
  const healthy = { path: "/-/healthy", port };
  return {
    startupProbe: { httpGet: ready, periodSeconds: 1, failureThreshold: 300 }, // replaying a long write-ahead log takes minutes
    readinessProbe: { httpGet: ready, periodSeconds: 5 },
    livenessProbe: { httpGet: healthy, periodSeconds: 10, failureThreshold: 6 },
  };
}
