import { expect, test } from "vitest";
import { DefaultStorageClass } from "../../../../components/platform/kubernetes/default-storage-class.ts";
import { find, list, record } from "../../record.ts";

test("is one storage class, the default of the cluster, with the given driver and parameters", async () => {
  const { resources } = await record(
    () =>
      new DefaultStorageClass("storage", {
        className: "gp3-encrypted",
        provisioner: "ebs.csi.aws.com",
        parameters: { type: "gp3", encrypted: "true", kmsKeyId: "arn:key" },
      }),
  );
  expect(list(resources)).toEqual([
    "kubernetes:storage.k8s.io/v1:StorageClass storage-class",
    "slipway:cluster:DefaultStorageClass storage",
  ]);
  const { metadata, ...rest } = find(resources, "kubernetes:storage.k8s.io/v1:StorageClass", "storage-class");
  expect(metadata).toMatchObject({
    name: "gp3-encrypted",
    annotations: { "storageclass.kubernetes.io/is-default-class": "true" },
  });
  expect(rest).toMatchObject({
    provisioner: "ebs.csi.aws.com",
    parameters: { type: "gp3", encrypted: "true", kmsKeyId: "arn:key" },
    volumeBindingMode: "WaitForFirstConsumer",
    allowVolumeExpansion: true,
    reclaimPolicy: "Delete",
  });
});
