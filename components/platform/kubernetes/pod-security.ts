import type { types } from "@pulumi/kubernetes";

/** User and group of every image that Slipway builds. */
export const RUN_AS_ID = 65532;

/** Security context of a pod under Pod Security `restricted`. Its group may write to the volumes of the pod. */
export const restrictedPod: types.input.core.v1.PodSecurityContext = {
  runAsNonRoot: true,
  runAsUser: RUN_AS_ID,
  runAsGroup: RUN_AS_ID,
  fsGroup: RUN_AS_ID,
  fsGroupChangePolicy: "OnRootMismatch",
  seccompProfile: { type: "RuntimeDefault" },
};

/** Security context of a container under Pod Security `restricted`, with a read-only root file system. */
export const restrictedContainer: types.input.core.v1.SecurityContext = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ["ALL"] },
};

/**
 * Returns the security context of a container that runs as root on its node, such as a device plugin: files of the kubelet belong to
 * root. The container gets no capability but those in `capabilities`.
 */
export function rootContainer(capabilities: readonly string[] = []): types.input.core.v1.SecurityContext {
  return {
    runAsUser: 0,
    runAsNonRoot: false,
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ["ALL"], ...(capabilities.length === 0 ? {} : { add: [...capabilities] }) },
  };
}
