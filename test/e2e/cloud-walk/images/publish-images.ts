import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { loadImageSources } from "../../../../stacks/config/image-sources.ts";
import { buildImages } from "../../../../local/images/build-images.ts";
import { STACK_IMAGES } from "../../../../local/images/plan-images.ts";
import { connectImageRegistry } from "../../../../local/images/push-image.ts";
import { lineProgress } from "../../../../local/progress.ts";
import type { Authority } from "../network/authority.ts";
import { PublicRegistries, type PublicImage } from "../network/public-registries.ts";
import { deriveImage } from "./derive-image.ts";

const OPERATORS = ["aws-load-balancer-controller", "cluster-autoscaler", "external-secrets"];
export const RUNTIME_IMAGE = "ghcr.io/acme/slipway-runtime:0.1.0";

/**
 * Builds the images of the platform and publishes them under the names of `images.sources.json`. Images for which this machine has no
 * program get the stand-in of the operators. All trust the authority of the walk.
 */
export async function publishImages(
  local: { host: string; url: string; authFile: string },
  authority: Authority,
  scratch: string,
): Promise<PublicRegistries> {
  const { images } = await buildImages(lineProgress(), {
    registry: local,
    only: STACK_IMAGES,
    lockFile: join(scratch, "images.lock.json"),
  });
  const registry = await connectImageRegistry(local);
  const built = (name: keyof typeof images): PublicImage => {
    const image = images[name];
    if (image === undefined) throw new Error(`image ${name} is not built`);
    return { repository: image.repository, digest: image.digest };
  };
  const trust = { "/etc/walk/authority.crt": await readFile(authority.file, "utf8") };
  const env = { NODE_EXTRA_CA_CERTS: "/etc/walk/authority.crt" };
  const runtime = await deriveImage(registry, {
    from: built("runtime"),
    to: "walk/runtime",
    files: trust,
    env,
  });
  const program = await readFile(new URL("../operators/operator.mjs", import.meta.url), "utf8");
  const operator = await deriveImage(registry, {
    from: built("runtime"),
    to: "walk/operator",
    files: {
      ...trust,
      "/etc/walk/operator.mjs": program,
      "/app/cluster-autoscaler": '#!/usr/local/bin/node\nimport("/etc/walk/operator.mjs");\n',
    },
    env,
    entrypoint: ["/usr/local/bin/node", "/etc/walk/operator.mjs"],
  });
  const { images: sources } = await loadImageSources(
    new URL("../../../../images.sources.json", import.meta.url).pathname,
  );
  const published = Object.entries(sources).map(([name, { reference }]): [string, PublicImage] => [
    reference,
    name in images
      ? built(name as keyof typeof images)
      : OPERATORS.includes(name)
        ? { repository: "walk/operator", digest: operator }
        : built("redis"), // no node has a GPU, so nothing runs it
  ]);
  return new PublicRegistries(
    new Map([...published, [RUNTIME_IMAGE, { repository: "walk/runtime", digest: runtime }]]),
    registry,
  );
}
