import type { ImagesLock } from "../../components/platform/registry/images-lock.ts";

const image = (name: string, digit: string, upstream?: string) => ({
  repository: `slipway/${name}`,
  digest: `sha256:${digit.repeat(64)}`,
  ...(upstream === undefined ? {} : { upstream }),
  source: "test",
});

/** A lock file with images of two public registries, and one that is built. */
export const upstreamLock: ImagesLock = {
  schemaVersion: 1,
  images: {
    runtime: image("runtime", "1"),
    prometheus: image("prometheus", "2", "quay.io/prometheus/prometheus:v3.5.0"),
    redis: image("redis", "3", "docker.io/library/redis:7.4.6"),
  },
};
