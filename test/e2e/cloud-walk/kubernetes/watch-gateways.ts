import { list, type Kubectl, type KubernetesObject } from "./kubectl.ts";

const KIND = "gateways.gateway.networking.k8s.io";
const INTERVAL_MS = 2000;

/** A Gateway that a controller looks at. */
export interface SeenGateway extends KubernetesObject {
  /** Merges changes into it. */
  patch: (change: object) => Promise<void>;
  /** Writes its status. */
  setStatus: (status: Record<string, unknown>) => Promise<void>;
}

/** Calls a controller for every Gateway again and again, until it is closed. */
export function watchGateways(
  kubectl: Kubectl,
  reconcile: (gateway: SeenGateway) => Promise<void>,
): { close: () => Promise<void> } {
  let open = true;
  const loop = (async () => {
    while (open) {
      await step(kubectl, reconcile).catch(() => undefined); // the cluster may be busy, or have no such kind yet
      await new Promise((resolve) => setTimeout(resolve, INTERVAL_MS));
    }
  })();
  return {
    close: async () => {
      open = false;
      await loop;
    },
  };
}

async function step(kubectl: Kubectl, reconcile: (gateway: SeenGateway) => Promise<void>): Promise<void> {
  for (const gateway of await list(kubectl, KIND)) {
    const { name, namespace = "" } = gateway.metadata;
    const patch = async (body: object, ...args: string[]): Promise<void> => {
      const target = ["--namespace", namespace, "patch", KIND, name, "--type=merge"];
      await kubectl([...target, ...args, `--patch=${JSON.stringify(body)}`]);
    };
    await reconcile({
      ...gateway,
      patch: (change) => patch(change),
      setStatus: (status) => patch({ status }, "--subresource=status"),
    });
  }
}

/** Returns a condition of a status. */
export function condition(
  type: string,
  holds: boolean,
  { reason = type, message = "" }: { reason?: string; message?: string } = {},
): object {
  const status = holds ? "True" : "False";
  return { type, status, reason, message, lastTransitionTime: new Date().toISOString() };
}

/** Whether a Gateway says that it is ready for requests. */
export function isProgrammed({ status }: KubernetesObject): boolean {
  const conditions = (status?.["conditions"] ?? []) as { type: string; status: string }[];
  return conditions.some(({ type, status: value }) => type === "Programmed" && value === "True");
}
