import type { AddOnImage } from "../../../components/internal/add-on-images.ts";
import type { ImagesLock } from "../../../components/internal/images-lock.ts";
import { lock } from "../../components/stage.ts";

const ADD_ONS: AddOnImage[] = ["cluster-autoscaler", "dcgm-exporter", "neuron-device-plugin"];

/** A lock file that names the add-ons of AWS too. */
export const awsImages = {
  ...lock,
  images: {
    ...lock.images,
    ...Object.fromEntries(
      ADD_ONS.map((name, index) => [
        name,
        {
          repository: `slipway/${name}`,
          digest: `sha256:${["a", "b", "c"][index]?.repeat(64)}`,
          sizeBytes: 1,
          source: "test",
        },
      ]),
    ),
  },
} as ImagesLock;
