import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { commonLabels } from "./labels.ts";

export interface DefaultStorageClassArgs {
  /** Name of the class in the cluster. */
  className: string;
  /** Driver that creates the volumes, such as `ebs.csi.aws.com`. */
  provisioner: string;
  /** Parameters of the driver, such as the type of disk and the key that encrypts it. */
  parameters: Record<string, pulumi.Input<string>>;
}

/**
 * The default storage class of a cluster. Kubernetes takes the newest class that is marked as default, so this one and not the class of
 * the cloud, whose volumes have a key of the cloud.
 *
 * @example
 * new DefaultStorageClass("storage-class", { className: "gp3-encrypted", provisioner: "ebs.csi.aws.com", parameters }, { provider });
 */
export class DefaultStorageClass extends pulumi.ComponentResource {
  constructor(name: string, args: DefaultStorageClassArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:cluster:DefaultStorageClass", name, {}, opts);
    const { className, provisioner, parameters } = args;
    new k8s.storage.v1.StorageClass(
      `${name}-class`,
      {
        metadata: {
          name: className,
          labels: commonLabels(name, "storage"),
          annotations: { "storageclass.kubernetes.io/is-default-class": "true" },
        },
        provisioner,
        parameters,
        volumeBindingMode: "WaitForFirstConsumer", // creates the volume in the zone of its pod
        allowVolumeExpansion: true,
        reclaimPolicy: "Delete",
      },
      { parent: this },
    );
    this.registerOutputs({});
  }
}
