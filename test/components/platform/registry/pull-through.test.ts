import { describe, expect, it, test } from "vitest";
import type { ImagesLock } from "../../../../components/platform/registry/images-lock.ts";
import {
  PULL_THROUGH_KINDS,
  planImageSupply,
  pulledImages,
  pullThroughObstacle,
  pullThroughRepository,
} from "../../../../components/platform/registry/pull-through.ts";
import { parseUpstream } from "../../../../components/platform/registry/upstream.ts";

const digest = `sha256:${"7".repeat(64)}`;
const image = (name: string, upstream?: string) => ({
  repository: `slipway/${name}`,
  digest,
  ...(upstream === undefined ? {} : { upstream }),
  source: "test",
});
const lock: ImagesLock = {
  schemaVersion: 1,
  images: {
    runtime: image("runtime"),
    prometheus: image("prometheus", "quay.io/prometheus/prometheus:v3.5.0"),
    redis: image("redis", "docker.io/redis:7.4.6"),
    "dcgm-exporter": image("dcgm-exporter", "nvcr.io/nvidia/k8s/dcgm-exporter:4.5.3"),
  },
};

describe("parseUpstream", () => {
  it("reads host, repository and tag, and knows the official images of Docker Hub", () => {
    expect(parseUpstream("quay.io/prometheus/prometheus:v3.5.0")).toEqual({
      host: "quay.io",
      repository: "prometheus/prometheus",
      tag: "v3.5.0",
    });
    expect(parseUpstream("docker.io/redis:7").repository).toBe("library/redis");
  });

  it.each(["redis:7", "quay.io/prometheus/prometheus", "10.88.0.1:5000/slipway/runtime:1", "quay.io/A/b:1"])(
    "refuses %s",
    (text) => {
      expect(() => parseUpstream(text)).toThrow(
        `upstream image: must be HOST/REPOSITORY:TAG, such as quay.io/prometheus/prometheus:v3.5.0, got ${text}`,
      );
    },
  );
});

test("each cloud has a repository for the copies of an upstream repository", () => {
  const upstream = parseUpstream("registry.k8s.io/autoscaling/cluster-autoscaler:v1.36.0");
  expect(PULL_THROUGH_KINDS.map((kind) => pullThroughRepository(kind, upstream))).toEqual([
    "upstream/registry.k8s.io/autoscaling/cluster-autoscaler",
    "upstream-registry-k8s-io/autoscaling/cluster-autoscaler",
    "upstream/registry.k8s.io/autoscaling/cluster-autoscaler",
  ]);
});

test("prefixes of ECR's rules have at most 30 characters", () => {
  for (const host of ["docker.io", "ghcr.io", "public.ecr.aws", "quay.io", "registry.k8s.io"])
    expect(`upstream/${host}`.length).toBeLessThanOrEqual(30);
});

test("an upstream registry may need an account, or not be supported", () => {
  expect(pullThroughObstacle("ecr", "quay.io")).toBeUndefined();
  expect(pullThroughObstacle("ecr", "docker.io")).toBe(
    "Amazon ECR pulls from docker.io only with an account of it",
  );
  expect(pullThroughObstacle("ecr", "docker.io", ["docker.io"])).toBeUndefined();
  expect(pullThroughObstacle("ecr", "nvcr.io", ["nvcr.io"])).toBe("Amazon ECR cannot pull from nvcr.io");
  expect(pullThroughObstacle("acr", "nvcr.io")).toBeUndefined();
  expect(pullThroughObstacle("artifact-registry", "docker.io")).toBeUndefined();
});

describe("planImageSupply", () => {
  it("gives pulled images their repository with the copies, and says why others are copied", () => {
    const supply = planImageSupply("ecr", lock);
    expect(supply.lock.images.prometheus?.repository).toBe("upstream/quay.io/prometheus/prometheus");
    expect(supply.lock.images.prometheus?.digest).toBe(digest);
    expect(supply.pulled.map(({ name }) => name)).toEqual(["prometheus"]);
    expect(supply.copied).toEqual([
      { name: "runtime", reason: "no public registry has it" },
      { name: "redis", reason: "Amazon ECR pulls from docker.io only with an account of it" },
      { name: "dcgm-exporter", reason: "Amazon ECR cannot pull from nvcr.io" },
    ]);
    expect(supply.lock.images.redis).toEqual(lock.images.redis);
  });

  it("pulls more where the cloud can, and where there is an account", () => {
    const names = (...args: Parameters<typeof planImageSupply>): string[] =>
      planImageSupply(...args).pulled.map(({ name }) => name);
    expect(names("artifact-registry", lock)).toEqual(["prometheus", "redis", "dcgm-exporter"]);
    expect(names("acr", lock)).toEqual(["prometheus", "dcgm-exporter"]);
    expect(names("ecr", lock, ["docker.io"])).toEqual(["prometheus", "redis"]);
  });

  it("leaves the lock that it was given as it is, and its own lock tells what is pulled", () => {
    const before = JSON.stringify(lock);
    const { lock: own, pulled } = planImageSupply("acr", lock);
    expect(JSON.stringify(lock)).toBe(before);
    expect(pulledImages("acr", own)).toEqual(pulled);
    expect(pulledImages("acr", lock)).toEqual([]);
  });
});
