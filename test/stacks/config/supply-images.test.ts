import { describe, expect, it } from "vitest";
import type { ImagesLock } from "../../../components/platform/registry/images-lock.ts";
import { supplyImages } from "../../../stacks/config/supply-images.ts";
import { parseStack } from "../stack.ts";

const digest = `sha256:${"7".repeat(64)}`;
const SECRET = "arn:aws:secretsmanager:eu-central-1:417366251839:secret:ecr-pullthroughcache/ghcr-AbCdEf";
const upstream = "quay.io/prometheus/prometheus:v3.5.0";
const lock: ImagesLock = {
  schemaVersion: 1,
  images: { prometheus: { repository: "slipway/prometheus", digest, upstream, source: upstream } },
};
const configOf = async (stack: string, images: Record<string, unknown> = {}) =>
  (await parseStack(stack, {}, { images })).config;
const supply = async (
  stack: string,
  options: { preview?: boolean; builds?: boolean; images?: Record<string, unknown> } = {},
) =>
  supplyImages(lock, await configOf(stack, options.images), {
    preview: options.preview ?? true,
    buildsRuntime: options.builds ?? false,
    stack,
  });

describe("supplyImages", () => {
  it("plans images without a digest with zeros, and names them with the commands that lock them", async () => {
    const { images, notices } = await supply("prod");
    expect(images.images.runtime?.digest).toBe(`sha256:${"0".repeat(64)}`);
    expect(notices).toEqual([
      "images.prod.lock.json has no digest of alertmanager, cluster-autoscaler, dcgm-exporter, external-secrets, pushgateway, runtime: " +
        "npm run lock -- --stack prod asks the public registries; for runtime take a released one with " +
        "npm run lock -- --stack prod --runtime IMAGE, or set " +
        "slipway:images.build; until then the plan has zeros, and up refuses it",
      "npm run mirror -- --stack prod has to let ECR pull prometheus (ECR finds a digest only after somebody has asked for the tag)",
    ]);
  });

  it("lets no deployment begin without a digest", async () => {
    await expect(supply("prod", { preview: false })).rejects.toThrow(
      /^images\.prod\.lock\.json has no digest of alertmanager, .*: npm run lock -- --stack prod asks/,
    );
  });

  it("needs only the images that the stack runs", async () => {
    const missing = async (stack: string) => (await supply(stack)).notices.join();
    expect(await missing("prod-azure")).toContain(
      "dcgm-exporter, external-secrets, nvidia-device-plugin, pushgateway, runtime:",
    );
    expect(await missing("prod-gcp")).toContain(
      "digest of alertmanager, external-secrets, pushgateway, runtime:",
    );
    expect(await missing("dev")).toBe("");
  });

  it("leaves out images that the stack does not run, so that its registry keeps no copies of them", async () => {
    const autoscaler = { ...lock.images.prometheus!, repository: "slipway/cluster-autoscaler" };
    const more = { ...lock, images: { ...lock.images, "cluster-autoscaler": autoscaler } };
    const names = async (stack: string) =>
      Object.keys(
        supplyImages(more, await configOf(stack), { preview: true, buildsRuntime: false }).images.images,
      );
    expect(await names("prod")).toContain("cluster-autoscaler");
    expect(await names("prod-azure")).not.toContain("cluster-autoscaler");
  });

  it("says which images the mirror has to copy, and why", async () => {
    const nvidia = "nvcr.io/nvidia/k8s/dcgm-exporter:4.5.3";
    const dcgm = { repository: "slipway/dcgm-exporter", digest, upstream: nvidia, source: nvidia };
    const { notices } = supplyImages(
      { ...lock, images: { ...lock.images, "dcgm-exporter": dcgm } },
      await configOf("prod"),
      { preview: true, buildsRuntime: false, stack: "prod" },
    );
    expect(notices).toContain(
      "npm run mirror -- --stack prod has to copy dcgm-exporter (Amazon ECR cannot pull from nvcr.io)",
    );
  });

  it("names also images without a digest for the mirror, with the source that they will have", async () => {
    const upstreams = new Map([
      ["external-secrets", "ghcr.io/external-secrets/external-secrets:v2.8.0"],
      ["pushgateway", "quay.io/prometheus/pushgateway:v1.11.1"],
    ] as const);
    const alerts = { "slipway:alerts": { receiver: "local" } };
    const notices = async (images: Record<string, unknown>, cluster: Record<string, unknown>) =>
      supplyImages(lock, (await parseStack("prod", alerts, { images, cluster })).config, {
        preview: true,
        buildsRuntime: false,
        stack: "prod",
        upstreams,
      }).notices.slice(1);
    const command = "npm run mirror -- --stack prod has to";
    const copied = `${command} copy external-secrets (Amazon ECR pulls from ghcr.io only with an account of it)`;
    expect(await notices({}, {})).toEqual([
      copied,
      `${command} let ECR pull prometheus, pushgateway (ECR finds a digest only after somebody has asked for the tag)`,
    ]);
    expect(await notices({}, { nat: "none" })).toEqual([
      copied,
      `${command} let ECR pull prometheus, pushgateway (cluster.nat is none, and ECR refuses the first pull of an image over an endpoint)`,
    ]);
    expect(await notices({ supply: "copy" }, {})).toEqual([
      `${command} copy external-secrets, prometheus, pushgateway (slipway:images.supply is copy)`,
    ]);
  });

  it("names the image of the load balancer controller for a stack with a gateway", async () => {
    const environments = {
      production: {
        gateway: { clientCidrs: ["203.0.113.0/24"], auth: { kind: "api-keys", secret: "api-keys" } },
        services: { pushback: { workload: "flight-delays", gateway: true } },
      },
    };
    const { config } = await parseStack(
      "prod",
      { "slipway:environments": environments },
      { cloud: { dns: { zone: "ml.example.com", delegated: true } } },
    );
    const controller = "aws-load-balancer-controller";
    const { notices } = supplyImages(lock, config, {
      preview: true,
      buildsRuntime: false,
      upstreams: new Map([[controller, `public.ecr.aws/eks/${controller}:v3.5.0`]]),
    });
    expect(notices.at(-1)).toContain(`has to let ECR pull ${controller}, prometheus (`);
  });

  it("pulls an image through with an account of its registry, and names the account that is missing", async () => {
    const upstream = "ghcr.io/external-secrets/external-secrets:v2.8.0";
    const operator = { repository: "slipway/external-secrets", digest, upstream, source: upstream };
    const supplied = (config: Awaited<ReturnType<typeof configOf>>) =>
      supplyImages({ ...lock, images: { ...lock.images, "external-secrets": operator } }, config, {
        preview: true,
        buildsRuntime: false,
        stack: "prod",
      });
    const config = await configOf("prod");
    expect(supplied(config).notices).toContain(
      "npm run mirror -- --stack prod has to copy external-secrets (Amazon ECR pulls from ghcr.io only with an account of it)",
    );
    const upstreamSecrets = { "ghcr.io": SECRET };
    const { images, notices } = supplied({ ...config, registry: { kind: "ecr", upstreamSecrets } });
    expect(notices.join()).not.toContain("has to copy");
    expect(images.images["external-secrets"]?.repository).toBe(
      "upstream/ghcr.io/external-secrets/external-secrets",
    );
  });

  it("gives a runtime image that the stack builds its repository, and asks for no digest", async () => {
    const { images, notices } = await supply("prod", { builds: true });
    expect(images.images.runtime).toMatchObject({
      repository: "slipway/runtime",
      source: "built by the stack",
    });
    expect(notices.join()).not.toContain("runtime");
  });

  it("names the repositories through which the cloud pulls, unless the images are copied", async () => {
    const repository = async (stack: string, images: Record<string, unknown> = {}) =>
      (await supply(stack, { images })).images.images.prometheus?.repository;
    expect(await repository("prod")).toBe("upstream/quay.io/prometheus/prometheus");
    expect(await repository("prod-gcp")).toBe("upstream-quay-io/prometheus/prometheus");
    expect(await repository("prod-azure")).toBe("upstream/quay.io/prometheus/prometheus");
    expect(await repository("prod", { supply: "copy" })).toBe("slipway/prometheus");
    expect(await repository("dev")).toBe("slipway/prometheus");
  });
});
