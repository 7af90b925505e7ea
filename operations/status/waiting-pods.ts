import { CoreV1Api, type KubeConfig } from "@kubernetes/client-node";
import type { PlatformStatus } from "./platform-status.ts";
import type { Problems } from "./problems.ts";
import { waitingReason } from "./waiting-reason.ts";

/** Lists the pods of some namespaces that wait, with the reason. Adds a problem for a namespace that may not be listed. */
export async function waitingPods(
  kube: KubeConfig,
  namespaces: readonly string[],
  { problems, fix }: { problems: Problems; fix: string },
): Promise<PlatformStatus["waiting"]> {
  const core = kube.makeApiClient(CoreV1Api);
  const waiting = await Promise.all(
    [...new Set(namespaces)].map((namespace) =>
      problems.attempt({ about: `pods of namespace ${namespace}`, fix }, [], async () =>
        (await core.listNamespacedPod({ namespace })).items.flatMap((pod) => {
          const reason = waitingReason(pod);
          return reason === undefined ? [] : { pod: `${namespace}/${pod.metadata?.name}`, reason };
        }),
      ),
    ),
  );
  return waiting.flat();
}
