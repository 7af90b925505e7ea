/** Labels of the GPU that the cases watch. */
export const gpu = { Hostname: "node-a", gpu: "0", UUID: "GPU-1", modelName: "NVIDIA L4" };

/** Labels of the pod that uses it. */
export const pod = { namespace: "production", pod: "pushback-7d", container: "server" };

/** Series of a metric of the GPU. */
export const ofGpu = (metric: string, labels: Record<string, string> = {}): string =>
  `${metric}{${Object.entries({ ...gpu, instance: "10.0.0.7:9400", ...labels })
    .map(([name, value]) => `${name}="${value}"`)
    .join(",")}}`;
