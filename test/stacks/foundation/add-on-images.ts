import type { AddOnImage } from "../../../components/platform/registry/images-lock.ts";
import type { ImagesLock } from "../../../components/platform/registry/images-lock.ts";
import { lock } from "../../components/stage.ts";

/** A lock file that includes the images of the add-ons of a cloud. */
function withAddOns(...names: AddOnImage[]): ImagesLock {
  const digit = (index: number): string => index.toString(16);
  const entries = names.map((name, index): [string, ImagesLock["images"]["runtime"]] => [
    name,
    {
      repository: `slipway/${name}`,
      digest: `sha256:${digit(index + 10).repeat(64)}`,
      sizeBytes: 1,
      source: "test",
    },
  ]);
  return { ...lock, images: { ...lock.images, ...Object.fromEntries(entries) } };
}

export const awsImages = withAddOns("cluster-autoscaler", "dcgm-exporter", "neuron-device-plugin");
export const azureImages = withAddOns("nvidia-device-plugin", "dcgm-exporter");
