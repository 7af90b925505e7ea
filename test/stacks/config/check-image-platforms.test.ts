import { describe, expect, it } from "vitest";
import type { ImagePlatform, ImagesLock } from "../../../components/platform/registry/images-lock.ts";
import { builtPlatformFault } from "../../../stacks/config/check-image-platforms.ts";
import { neededImages } from "../../../stacks/config/needed-images.ts";
import { supplyImages } from "../../../stacks/config/supply-images.ts";
import type { StackConfig } from "../../../stacks/config/schema.ts";
import { parseStack } from "../stack.ts";

const digest = `sha256:${"7".repeat(64)}`;
const BOTH: ImagePlatform[] = ["linux/amd64", "linux/arm64"];

const configOf = async (stack: string, cluster: Record<string, unknown>): Promise<StackConfig> =>
  (await parseStack(stack, {}, { cluster })).config as StackConfig;

/** Supplies the images of a stack in a preview, from a lock in which every image has `platforms`, and some have others. */
async function supply(
  stack: string,
  cluster: Record<string, unknown>,
  platforms: ImagePlatform[] | undefined,
  others: Record<string, ImagePlatform[]> = {},
): Promise<unknown> {
  const config = await configOf(stack, cluster);
  const lock: ImagesLock = {
    schemaVersion: 1,
    images: Object.fromEntries(
      neededImages(config, { buildsRuntime: false }).map((name) => {
        const upstream = `registry.example.com/${name}:v1`;
        return [
          name,
          {
            repository: `slipway/${name}`,
            digest,
            upstream,
            source: upstream,
            platforms: others[name] ?? platforms,
          },
        ];
      }),
    ),
  };
  return supplyImages(lock, config, { preview: true, buildsRuntime: false, stack });
}

const armCpu = { nodePools: { cpu: { machine: "m7g.2xlarge", max: 9 } } };

describe("a pool with Arm machines", () => {
  it("is refused where the lock does not say for which platforms an image is", async () => {
    await expect(supply("prod", armCpu, undefined)).rejects.toThrow(
      "cluster.nodePools.cpu.machine is m7g.2xlarge, an Arm machine, and images.prod.lock.json does not say for which platforms " +
        "alertmanager, cluster-autoscaler, external-secrets, prometheus, pushgateway, runtime have an image: " +
        "npm run lock -- --stack prod --platforms asks their registries",
    );
  });

  it("is refused where an image has no build for it, with the fix", async () => {
    await expect(supply("prod", armCpu, BOTH, { pushgateway: ["linux/amd64"] })).rejects.toThrow(
      "cluster.nodePools.cpu.machine is m7g.2xlarge, an Arm machine, and by images.prod.lock.json " +
        "pushgateway has no image for linux/arm64: take another release of them in images.sources.json and run npm run lock -- --stack prod, " +
        "or choose a machine with x86 processors",
    );
  });

  it("needs the runtime image for x86 too where pods with GPUs run it", async () => {
    await expect(supply("prod", armCpu, BOTH, { runtime: ["linux/arm64"] })).rejects.toThrow(
      "runtime has no image for linux/amd64",
    );
    await expect(
      supply("prod", { ...armCpu, gpuPools: {} }, BOTH, { runtime: ["linux/arm64"] }),
    ).resolves.toBeDefined();
  });

  it("needs both platforms of an image that runs on either pool", async () => {
    const system = { nodePools: { system: { machine: "t4g.medium", max: 3 } } };
    await expect(supply("prod", system, ["linux/amd64"])).rejects.toThrow(
      "cluster-autoscaler has no image for linux/arm64",
    );
    await expect(
      supply("prod", system, ["linux/amd64"], { "cluster-autoscaler": BOTH }),
    ).resolves.toBeDefined();
  });

  it.each([
    ["prod-gcp", "c4a-standard-8"],
    ["prod-azure", "Standard_D8ps_v6"],
  ])("is checked on %s", async (stack, machine) => {
    const cluster = { nodePools: { cpu: { machine, max: 9 } } };
    await expect(supply(stack, cluster, ["linux/amd64"])).rejects.toThrow(`${machine}, an Arm machine`);
    await expect(supply(stack, cluster, BOTH)).resolves.toBeDefined();
  });

  it("is not judged where no pool has one", async () => {
    await expect(supply("prod", {}, undefined)).resolves.toBeDefined();
  });
});

describe("a runtime image that the stack builds", () => {
  it("must be staged for the processors of the pool cpu", async () => {
    const config = await configOf("prod", { ...armCpu, gpuPools: {} });
    expect(builtPlatformFault(config, { built: "arm64", stack: "prod" })).toBeUndefined();
    expect(builtPlatformFault(config, { built: "amd64", stack: "prod" })).toBe(
      "must be staged for arm64, the processors of the pool cpu, got amd64: npm run stage -- --arch arm64",
    );
    expect(builtPlatformFault(await configOf("prod", {}), { built: "arm64", stack: "prod" })).toContain(
      "npm run stage -- --arch x64",
    );
  });

  it("is refused where its pods run on both processors", async () => {
    expect(builtPlatformFault(await configOf("prod", armCpu), { built: "arm64", stack: "prod" })).toContain(
      "the runtime image runs on amd64 and arm64, and a build is for one of them: take a released image with npm run lock -- --stack prod --runtime IMAGE",
    );
  });
});
