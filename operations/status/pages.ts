import { CoreV1Api } from "@kubernetes/client-node";
import { PORT } from "../../runtime/contract/port.ts";
import type { PlatformOutputs } from "../../stacks/platform-outputs.ts";
import type { Target } from "../target.ts";
import type { PlatformStatus } from "./platform-status.ts";
import type { Problems } from "./problems.ts";

/** Returns the pages for alerts and metrics: on a local cluster their URLs, elsewhere commands that forward a port. */
export async function pages(
  { kube, plan }: Pick<Target, "kube" | "plan">,
  { monitoring, alertReceiver }: Pick<PlatformOutputs, "monitoring" | "alertReceiver">,
  { problems, fix }: { problems: Problems; fix: string },
): Promise<PlatformStatus["pages"]> {
  const { namespace } = monitoring;
  const wanted = [
    alertReceiver === null
      ? { name: "alerts (Alertmanager)", service: "alertmanager", port: PORT.alertmanager }
      : { name: "alerts", service: serviceOf(alertReceiver.url), port: PORT.alertReceiver },
    { name: "metrics (Prometheus)", service: "prometheus", port: PORT.prometheus },
  ];
  const core = kube.makeApiClient(CoreV1Api);
  return Promise.all(
    wanted.map(async ({ name, service, port }) => {
      const forward = `kubectl -n ${namespace} port-forward service/${service} ${port}`;
      if (!plan.local) return { name, address: forward };
      return problems.attempt(
        { about: `service ${namespace}/${service}`, fix },
        { name, address: forward },
        async () => {
          const { spec } = await core.readNamespacedService({ namespace, name: service });
          const ip = spec?.clusterIP;
          return { name, address: ip === undefined || ip === "None" ? forward : `http://${ip}:${port}/` };
        },
      );
    }),
  );
}

/** `http://alerts-receiver.monitoring.svc:8080/` → `alerts-receiver`. */
function serviceOf(url: string): string {
  return new URL(url).hostname.split(".")[0] ?? "";
}
