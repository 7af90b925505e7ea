import * as k8s from "@pulumi/kubernetes";
import { expect, test } from "vitest";
import { deletedWith } from "../../../../components/platform/kubernetes/deleted-with.ts";
import { record } from "../../record.ts";

const identity = { annotations: {}, podLabels: {}, usesMetadataService: false };

test("a workload that uses only the cluster is deleted with its namespace, and any other by itself", async () => {
  await record(() => {
    const namespace = new k8s.core.v1.Namespace("staging");
    const goes = (uses: Parameters<typeof deletedWith>[1]): boolean =>
      deletedWith(namespace, uses).deletedWith === namespace;
    const [within, outside] = [{ inCluster: true }, { inCluster: false }];
    expect(goes({ identity: undefined, featureStore: within })).toBe(true);
    expect(goes({ identity, featureStore: within })).toBe(false);
    expect(goes({ identity: undefined, featureStore: outside })).toBe(false);
  });
});
