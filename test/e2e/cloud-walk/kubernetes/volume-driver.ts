import { chmod, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { NODE_NAME } from "../../../../local/cluster/layout.ts";
import { apply, list, type Kubectl, type KubernetesObject } from "./kubectl.ts";

/** Begins the names of the volumes that the driver makes. */
const VOLUME_PREFIX = "pvc-";

/**
 * The volume driver of the cloud: makes a folder of this machine for each claim of its classes once its pod has a node, and deletes the
 * volume with the claim.
 */
export function volumeDriver(
  kubectl: Kubectl,
  { provisioner, folder }: { provisioner: string; folder: string },
): { close: () => Promise<void> } {
  let open = true;
  const loop = (async () => {
    while (open) {
      await step(kubectl, provisioner, folder).catch(() => undefined); // the cluster may be busy: the next turn tries again
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
  })();
  return {
    close: async () => {
      open = false;
      await loop;
    },
  };
}

async function step(kubectl: Kubectl, provisioner: string, folder: string): Promise<void> {
  const classes = (await list(kubectl, "storageclass"))
    .filter((each) => (each as unknown as { provisioner: string }).provisioner === provisioner)
    .map(({ metadata }) => metadata.name);
  const isOurs = ({ spec }: KubernetesObject): boolean =>
    classes.includes(String(spec?.["storageClassName"]));
  for (const claim of (await list(kubectl, "persistentvolumeclaim")).filter(isOurs)) {
    const node = claim.metadata.annotations?.["volume.kubernetes.io/selected-node"];
    if (claim.status?.["phase"] === "Pending" && node !== undefined)
      await createVolume(kubectl, claim, folder);
  }
  // The class of a volume may be gone when its claim is.
  const volumes = await list(kubectl, "persistentvolume");
  for (const volume of volumes.filter(({ metadata }) => metadata.name.startsWith(VOLUME_PREFIX)))
    if (volume.status?.["phase"] === "Released" || volume.status?.["phase"] === "Failed")
      await kubectl(["delete", "persistentvolume", volume.metadata.name]);
}

async function createVolume(
  kubectl: Kubectl,
  { metadata, spec }: KubernetesObject,
  folder: string,
): Promise<void> {
  const { name, namespace } = metadata;
  const path = join(folder, `${namespace}-${name}`);
  await mkdir(path, { recursive: true });
  await chmod(path, 0o770);
  const { resources } = spec as { resources: { requests: { storage: string } } };
  const onThisNode = { key: "kubernetes.io/hostname", operator: "In", values: [NODE_NAME] };
  await apply(kubectl, {
    apiVersion: "v1",
    kind: "PersistentVolume",
    metadata: { name: `${VOLUME_PREFIX}${namespace}-${name}` },
    spec: {
      capacity: resources.requests,
      accessModes: ["ReadWriteOnce"],
      persistentVolumeReclaimPolicy: "Delete",
      storageClassName: spec?.["storageClassName"],
      claimRef: { kind: "PersistentVolumeClaim", name, namespace },
      local: { path },
      nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions: [onThisNode] }] } },
    },
  });
}
