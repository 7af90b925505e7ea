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

/** Prometheus' HTTP API, through the API server. */
export function prometheusClient(
  kube: KubeConfig,
  namespace: string,
): {
  query(expression: string): Promise<Sample[]>;
  alerts(): Promise<{ labels: Record<string, string>; state: string }[]>;
} {
  const address = { namespace, service: "prometheus", port: PORT.prometheus };
  return {
    async query(expression) {
      const answer = await getFromService(
        kube,
        address,
        `/api/v1/query?query=${encodeURIComponent(expression)}`,
      );
      return querySchema
        .parse(answer)
        .data.result.map(({ metric, value }) => ({ labels: metric, value: Number(value[1]) }));
    },
    async alerts() {
      return alertsSchema.parse(await getFromService(kube, address, "/api/v1/alerts")).data.alerts;
    },
  };
}
