import type { KubeConfig } from "@kubernetes/client-node";
import { z } from "zod";
import { PORT } from "../../runtime/contract/port.ts";
import { getFromService } from "../service-proxy.ts";

const querySchema = z.object({
  data: z.object({
    result: z.array(
      z.object({ metric: z.record(z.string(), z.string()), value: z.tuple([z.number(), z.string()]) }),
    ),
  }),
});
const alertsSchema = z.object({
  data: z.object({
    alerts: z.array(z.object({ labels: z.record(z.string(), z.string()), state: z.string() })),
  }),
});

export interface Sample {
  labels: Record<string, string>;
  value: number;
}

export interface PrometheusClient {
  query(expression: string): Promise<Sample[]>;
  alerts(): Promise<{ labels: Record<string, string>; state: string }[]>;
}

/** Prometheus' HTTP API, through the API server. */
export function prometheusClient(kube: KubeConfig, namespace: string): PrometheusClient {
  const address = { namespace, service: "prometheus", port: PORT.prometheus };
  return {
    async query(expression) {
      const path = `/api/v1/query?query=${encodeURIComponent(expression)}`;
      const { data } = querySchema.parse(await getFromService(kube, address, path));
      return data.result.map(({ metric, value }) => ({ labels: metric, value: Number(value[1]) }));
    },
    async alerts() {
      return alertsSchema.parse(await getFromService(kube, address, "/api/v1/alerts")).data.alerts;
    },
  };
}
