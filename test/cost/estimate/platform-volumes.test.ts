import { expect, test } from "vitest";
import { estimateCost } from "../../../cost/estimate/estimate.ts";
import { loadPrices } from "../../../cost/prices/load-prices.ts";
import { planned } from "../planned.ts";

const prices = loadPrices();

test.each([
  ["gp3", "ebs.csi.aws.com", "pulumi:providers:aws", { region: "eu-central-1" }],
  ["pd-balanced", "pd.csi.storage.gke.io", "pulumi:providers:gcp", { region: "europe-west4" }],
  ["standard-ssd", "disk.csi.azure.com", "pulumi:providers:azure-native", { location: "germanywestcentral" }],
])(
  "prices a volume of a platform as %s, by the driver of its storage class",
  (sku, provisioner, type, place) => {
    const { byResource, unpriced } = estimateCost(
      [
        planned(type, "provider", place),
        planned("kubernetes:storage.k8s.io/v1:StorageClass", "class", { provisioner }),
        planned("kubernetes:core/v1:PersistentVolumeClaim", "data", {
          spec: { resources: { requests: { storage: "50Gi" } } },
        }),
      ],
      { prices },
    );
    expect(unpriced).toEqual([]);
    expect(byResource.flatMap(({ charges }) => charges.map((charge) => charge.sku))).toEqual([sku]);
  },
);
