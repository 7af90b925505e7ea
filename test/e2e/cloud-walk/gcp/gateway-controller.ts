import { list, type Kubectl, type KubernetesObject } from "../kubernetes/kubectl.ts";

const FINALIZER = "gateway.finalizer.networking.gke.io";
const KIND = "gateways.gateway.networking.k8s.io";

/** The controller of GKE's gateways: says that a Gateway is programmed, and holds it until its load balancer is gone. */
export function gatewayController(kubectl: Kubectl, address: () => string): { close: () => Promise<void> } {
  let open = true;
  const loop = (async () => {
    while (open) {
      await step(kubectl, address).catch(() => undefined); // the cluster may be busy, or have no such kind yet
      await new Promise((resolve) => setTimeout(resolve, 2000));
    }
  })();
  return {
    close: async () => {
      open = false;
      await loop;
    },
  };
}

async function step(kubectl: Kubectl, address: () => string): Promise<void> {
  for (const gateway of await list(kubectl, KIND)) {
    const { name, namespace = "", deletionTimestamp, finalizers = [] } = gateway.metadata;
    const patch = (body: object, ...args: string[]): Promise<string> =>
      kubectl([
        ...["--namespace", namespace, "patch", KIND, name, "--type=merge", ...args],
        `--patch=${JSON.stringify(body)}`,
      ]);
    if (deletionTimestamp !== undefined) {
      await patch({ metadata: { finalizers: finalizers.filter((each) => each !== FINALIZER) } });
      continue;
    }
    if (!finalizers.includes(FINALIZER))
      await patch({ metadata: { finalizers: [...finalizers, FINALIZER] } });
    if (!isProgrammed(gateway))
      await patch(
        {
          status: {
            addresses: [{ type: "IPAddress", value: address() }],
            conditions: ["Accepted", "Programmed"].map((type) => ({
              type,
              status: "True",
              reason: type,
              message: "",
              lastTransitionTime: new Date().toISOString(),
            })),
          },
        },
        "--subresource=status",
      );
  }
}

function isProgrammed({ status }: KubernetesObject): boolean {
  const conditions = (status?.["conditions"] ?? []) as { type: string; status: string }[];
  return conditions.some(({ type, status: value }) => type === "Programmed" && value === "True");
}
