import { chmod, mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { NODE_NAME, PATHS } from "./layout.ts";

/** Number of volumes that wait for a claim. */
const SPARE = 12;
const CAPACITY = "10Gi";

export const storageClass = {
  apiVersion: "storage.k8s.io/v1",
  kind: "StorageClass",
  metadata: { name: "local", annotations: { "storageclass.kubernetes.io/is-default-class": "true" } },
  provisioner: "kubernetes.io/no-provisioner",
  volumeBindingMode: "WaitForFirstConsumer",
  reclaimPolicy: "Retain",
};

const volumesSchema = z.object({
  items: z.array(
    z.object({
      metadata: z.object({ name: z.string() }),
      spec: z.object({ storageClassName: z.string().optional() }),
      status: z.object({ phase: z.string() }),
    }),
  ),
});

/** Returns the released volumes to remove and the new ones to create, so that SPARE volumes are free. */
export function planVolumes(list: unknown): { remove: string[]; create: string[] } {
  const ours = volumesSchema
    .parse(list)
    .items.filter(({ spec }) => spec.storageClassName === storageClass.metadata.name);
  const remove = ours
    .filter(({ status }) => status.phase === "Released" || status.phase === "Failed")
    .map(nameOf);
  const free = ours.filter(({ status }) => status.phase === "Available" || status.phase === "Pending").length;
  const taken = new Set(ours.map(nameOf));
  const create: string[] = [];
  for (let index = 0; create.length < SPARE - free; index++)
    if (!taken.has(`local-${index}`)) create.push(`local-${index}`);
  return { remove, create };
}

const nameOf = ({ metadata }: { metadata: { name: string } }): string => metadata.name;

/** Creates the folder of a volume and returns the volume as a Kubernetes object. */
export async function createVolume(name: string): Promise<object> {
  const path = join(PATHS.volumes(), name);
  await mkdir(path, { recursive: true });
  await chmod(path, 0o770); // the kubelet changes its group to the pod's fsGroup, which a pod needs on a cloud's disk too
  const onThisNode = { key: "kubernetes.io/hostname", operator: "In", values: [NODE_NAME] };
  return {
    apiVersion: "v1",
    kind: "PersistentVolume",
    metadata: { name },
    spec: {
      capacity: { storage: CAPACITY },
      accessModes: ["ReadWriteOnce"],
      persistentVolumeReclaimPolicy: storageClass.reclaimPolicy,
      storageClassName: storageClass.metadata.name,
      local: { path },
      nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions: [onThisNode] }] } },
    },
  };
}

/** Removes the data of a volume whose claim is gone. */
export function wipeVolume(name: string): Promise<void> {
  return rm(join(PATHS.volumes(), name), { recursive: true, force: true });
}
