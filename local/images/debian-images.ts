import { join } from "node:path";
import type { ImageName } from "../../components/platform/registry/images-lock.ts";
import { BASE_PACKAGES } from "./base-root.ts";
import type { PackageVersions } from "./debian-packages.ts";
import type { ImageRecipe } from "./image-recipe.ts";
import { packageRoot } from "./package-root.ts";
import type { PackagePool } from "./package-root.ts";

interface DebianImage {
  name: ImageName;
  package: string;
  /** Path in the package → path in the image. */
  paths: Readonly<Record<string, string>>;
  /** True if the program needs no library, so that the image holds nothing else. @default false */
  alone?: boolean;
}

const IMAGES: readonly DebianImage[] = [
  { name: "redis", package: "redis-server", paths: { "/usr/bin/redis-server": "/usr/bin/redis-server" } },
  {
    name: "prometheus",
    package: "prometheus",
    paths: {
      "/usr/bin/prometheus": "/usr/bin/prometheus",
      "/usr/share/prometheus/web": "/usr/share/prometheus/web",
    },
  },
  {
    name: "alertmanager",
    package: "prometheus-alertmanager",
    paths: {
      "/usr/bin/prometheus-alertmanager": "/usr/bin/alertmanager",
      "/usr/share/prometheus/alertmanager": "/usr/share/prometheus/alertmanager",
    },
  },
  {
    name: "pushgateway",
    package: "prometheus-pushgateway",
    paths: {
      "/usr/bin/prometheus-pushgateway": "/usr/bin/pushgateway",
      "/usr/share/prometheus/pushgateway": "/usr/share/prometheus/pushgateway",
    },
  },
  {
    // The process that holds a pod's namespaces: reaps orphans and ends at SIGTERM, in 0.7 MB of static C.
    name: "pause",
    package: "catatonit",
    paths: { "/usr/bin/catatonit": "/pause" },
    alone: true,
  },
];

/** Debian packages in the images, without their dependencies. */
export const IMAGE_PACKAGES = [...BASE_PACKAGES, ...IMAGES.map((image) => image.package)];

/** Returns the recipe of an image with a program from Debian: the program, its libraries and its data. Undefined for others. */
export function debianImage(
  name: ImageName,
  versions: PackageVersions,
  pool: () => Promise<PackagePool>,
): ImageRecipe | undefined {
  const image = IMAGES.find((candidate) => candidate.name === name);
  if (image === undefined) return undefined;
  const { paths, alone = false } = image;
  return {
    name,
    dockerfile: join(import.meta.dirname, name, "Dockerfile"),
    inputs: { versions: JSON.stringify(Object.entries(versions).sort()), paths: JSON.stringify(paths) },
    onBase: !alone,
    async stage(context) {
      const root = join(context, "root");
      const used = await packageRoot({ pool: await pool(), paths, base: new Set(BASE_PACKAGES), root });
      return `debian ${used.join(" ")}`;
    },
  };
}
