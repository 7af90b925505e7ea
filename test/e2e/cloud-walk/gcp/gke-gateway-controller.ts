import type { Kubectl } from "../kubernetes/kubectl.ts";
import { condition, isProgrammed, watchGateways } from "../kubernetes/watch-gateways.ts";

const FINALIZER = "gateway.finalizer.networking.gke.io";

/** The controller of GKE's gateways: says that a Gateway is programmed, and holds it until its load balancer is gone. */
export function gkeGatewayController(
  kubectl: Kubectl,
  address: () => string,
): { close: () => Promise<void> } {
  return watchGateways(kubectl, async (gateway) => {
    const { deletionTimestamp, finalizers = [] } = gateway.metadata;
    if (deletionTimestamp !== undefined) {
      await gateway.patch({ metadata: { finalizers: finalizers.filter((each) => each !== FINALIZER) } });
      return;
    }
    if (!finalizers.includes(FINALIZER))
      await gateway.patch({ metadata: { finalizers: [...finalizers, FINALIZER] } });
    if (isProgrammed(gateway)) return;
    await gateway.setStatus({
      addresses: [{ type: "IPAddress", value: address() }],
      conditions: ["Accepted", "Programmed"].map((type) => condition(type, true)),
    });
  });
}
