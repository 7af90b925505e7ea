import { isObject } from "./json-object.ts";
import type { PropertyValue } from "../../values/property-value.ts";
import { groupOf } from "./kube-object.ts";
import { covers, parsePath } from "./property-path.ts";
import type { PropertyPath } from "./property-path.ts";

export interface MutabilityOptions {
  /** Lets the data of a ConfigMap change in place. @default false, as pulumi-kubernetes has it */
  enableConfigMapMutable: boolean;
  /** Lets the data of a Secret change in place. @default false, as pulumi-kubernetes has it */
  enableSecretMutable: boolean;
}

const IDENTITY = ["metadata.name", "metadata.namespace"];

/**
 * Fields by group and kind whose change needs a new object. They are those that pulumi-kubernetes replaces, but for a
 * StatefulSet's `revisionHistoryLimit`, which a server changes in place since 1.33. What else a server calls immutable is an
 * error: a replacement deletes what the object holds, and nobody asked for that.
 */
const FIELDS: Record<string, string[]> = {
  "apps/DaemonSet": ["spec.selector"],
  "apps/Deployment": ["spec.selector"],
  "apps/StatefulSet": [
    "spec.podManagementPolicy",
    "spec.selector",
    "spec.serviceName",
    "spec.volumeClaimTemplates",
  ],
  "batch/Job": ["spec.completions", "spec.parallelism", "spec.selector", "spec.template"],
  "rbac.authorization.k8s.io/ClusterRoleBinding": ["roleRef"],
  "rbac.authorization.k8s.io/RoleBinding": ["roleRef"],
  "storage.k8s.io/StorageClass": ["parameters", "provisioner"],
  "/PersistentVolumeClaim": ["spec.accessModes", "spec.selector", "spec.storageClassName", "spec.volumeName"],
  "/PersistentVolume": [
    ..."awsElasticBlockStore azureDisk azureFile cephfs cinder csi fc flexVolume flocker gcePersistentDisk glusterfs".split(
      " ",
    ),
    ..."hostPath iscsi local nfs photonPersistentDisk portworxVolume quobyte rbd scaleIO storageos vsphereVolume".split(
      " ",
    ),
  ].map((source) => `spec.${source}`),
  "/Pod": [
    ..."affinity automountServiceAccountToken dnsConfig dnsPolicy enableServiceLinks hostAliases hostIPC hostNetwork".split(
      " ",
    ),
    ..."hostPID hostname imagePullSecrets nodeName nodeSelector overhead preemptionPolicy priority priorityClassName".split(
      " ",
    ),
    ..."readinessGates restartPolicy runtimeClassName schedulerName securityContext serviceAccount".split(
      " ",
    ),
    ..."serviceAccountName shareProcessNamespace subdomain terminationGracePeriodSeconds volumes".split(" "),
    ...["containers", "initContainers"].flatMap((list) =>
      [
        ..."args command env image imagePullPolicy lifecycle livenessProbe ports readinessProbe resources".split(
          " ",
        ),
        ..."securityContext stdin stdinOnce terminationMessagePath terminationMessagePolicy tty volumeDevices".split(
          " ",
        ),
        ..."volumeMounts workingDir".split(" "),
      ].map((field) => `${list}[*].${field}`),
    ),
  ].map((field) => `spec.${field}`),
  "/ResourceQuota": ["spec.scopes"],
  "/Service": ["spec.clusterIP"],
};

/** Returns the paths of an object of this kind whose change replaces it. */
export function immutableFields(
  apiVersion: string,
  kind: string,
  markedImmutable: boolean,
  options: MutabilityOptions,
): PropertyPath[] {
  const type = `${groupOf(apiVersion)}/${kind}`;
  const fields = [...IDENTITY, ...(FIELDS[type] ?? [])];
  if (type === "/ConfigMap" && (markedImmutable || !options.enableConfigMapMutable))
    fields.push("data", "binaryData");
  if (type === "/Secret" && (markedImmutable || !options.enableSecretMutable))
    fields.push("type", "data", "stringData");
  return fields.map(parsePath);
}

/** Whether a change at `path` touches one of the fields: it lies in the field, or adds or removes a parent that holds it. */
export function touches(
  fields: readonly PropertyPath[],
  path: PropertyPath,
  before: PropertyValue | undefined,
  after: PropertyValue | undefined,
): boolean {
  return fields.some((field) => {
    if (covers(field, path)) return true;
    if (path.length >= field.length || !covers(field.slice(0, path.length), path)) return false;
    const rest = field.slice(path.length);
    return holds(before, rest) || holds(after, rest);
  });
}

function holds(value: PropertyValue | undefined, path: PropertyPath): boolean {
  const [step, ...rest] = path;
  if (value === undefined || value === null) return false;
  if (step === undefined) return true;
  if (Array.isArray(value)) return value.some((item) => holds(item, step === "*" ? rest : path));
  return isObject(value) && holds((value as Record<string, PropertyValue>)[String(step)], rest);
}
