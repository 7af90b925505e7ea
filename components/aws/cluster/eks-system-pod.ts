import type { types } from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { restrictedPod } from "../../platform/kubernetes/pod-security.ts";
import { SYSTEM_TAINT } from "./eks.ts";

/**
 * Returns the pod, without its containers, of a controller that the cluster needs: it calls the API server, may run on the system nodes,
 * and is spread over nodes.
 *
 * @param selector - labels by which the pods of the controller are counted on each node
 */
export function eksSystemPod(
  serviceAccountName: pulumi.Input<string>,
  selector: Record<string, string>,
): Omit<types.input.core.v1.PodSpec, "containers"> {
  return {
    serviceAccountName,
    automountServiceAccountToken: true,
    enableServiceLinks: false,
    priorityClassName: "system-cluster-critical",
    securityContext: restrictedPod,
    tolerations: [{ key: SYSTEM_TAINT.key, operator: "Exists", effect: SYSTEM_TAINT.effect }],
    topologySpreadConstraints: [
      {
        maxSkew: 1,
        topologyKey: "kubernetes.io/hostname",
        whenUnsatisfiable: "ScheduleAnyway",
        labelSelector: { matchLabels: selector },
      },
    ],
  };
}
