import type { types } from "@pulumi/kubernetes";

/** User and group of every image that Slipway builds. */
export const RUN_AS_ID = 65532;

/** What Pod Security `restricted` asks of a pod, and a group that may write to its volumes. */
export const restrictedPod: types.input.core.v1.PodSecurityContext = {
  runAsNonRoot: true,
  runAsUser: RUN_AS_ID,
  runAsGroup: RUN_AS_ID,
  fsGroup: RUN_AS_ID,
  fsGroupChangePolicy: "OnRootMismatch",
  seccompProfile: { type: "RuntimeDefault" },
};

/** What Pod Security `restricted` asks of a container, and a root file system that nothing writes to. */
export const restrictedContainer: types.input.core.v1.SecurityContext = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ["ALL"] },
};
