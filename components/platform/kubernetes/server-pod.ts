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
  /** The one port that it listens on, named `port.name`. */
  port: { name: string; number: number };
  registry: RegistryAccess;
  serviceAccount: pulumi.Input<string>;
  resources: types.input.core.v1.ResourceRequirements;
  /** Volumes by the path they are mounted at. Those of config maps and secrets are read-only. */
  volumes: Readonly<Record<string, Volume>>;
  probes: Pick<types.input.core.v1.Container, "startupProbe" | "readinessProbe" | "livenessProbe">;
  /** @default 30 */
  terminationGracePeriodSeconds?: number;
}

/** A pod of one server that is not ours, such as Redis: restricted, on a read-only root. */
export function serverPod(options: ServerPodOptions): types.input.core.v1.PodSpec {
  const { name, image, args, port, registry, serviceAccount } = options;
  const { resources, volumes, probes, terminationGracePeriodSeconds = 30 } = options;
  return {
    ...restrictedPodSpec(serviceAccount, registry),
    terminationGracePeriodSeconds,
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

/** Probes by TCP, for servers without a health route: two minutes to start, a minute of silence to be ended. */
export function tcpProbes(port: string): ServerPodOptions["probes"] {
  return {
    startupProbe: { tcpSocket: { port }, periodSeconds: 1, failureThreshold: 120 },
    readinessProbe: { tcpSocket: { port }, periodSeconds: 5 },
    livenessProbe: { tcpSocket: { port }, periodSeconds: 10, failureThreshold: 6 },
  };
}

/** Probes by the health routes that the programs of the Prometheus project share. */
export function prometheusProbes(port: string): ServerPodOptions["probes"] {
  const ready = { path: "/-/ready", port };
  const healthy = { path: "/-/healthy", port };
  return {
    startupProbe: { httpGet: ready, periodSeconds: 1, failureThreshold: 300 }, // replaying a long log takes its time
    readinessProbe: { httpGet: ready, periodSeconds: 5 },
    livenessProbe: { httpGet: healthy, periodSeconds: 10, failureThreshold: 6 },
  };
}
