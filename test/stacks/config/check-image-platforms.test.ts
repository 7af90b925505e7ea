import { describe, expect, it } from "vitest";
import type { ImagePlatform, ImagesLock } from "../../../components/platform/registry/images-lock.ts";
import { builtPlatformFault, imagePlatformFault } from "../../../stacks/config/check-image-platforms.ts";
import { neededImages } from "../../../stacks/config/needed-images.ts";
import type { StackConfig } from "../../../stacks/config/schema.ts";
import { parseStack } from "../stack.ts";

const digest = `sha256:${"7".repeat(64)}`;
const BOTH: ImagePlatform[] = ["linux/amd64", "linux/arm64"];

const configOf = async (stack: string, cluster: Record<string, unknown>): Promise<StackConfig> =>
  (await parseStack(stack, {}, { cluster })).config as StackConfig;

/** Returns the fault of a stack as text, with a lock in which every image has `platforms`, some have others, and some are absent. */
async function faultOf(
  stack: string,
  cluster: Record<string, unknown>,
  platforms: ImagePlatform[] | undefined,
  others: Record<string, ImagePlatform[]> = {},
  unlocked: readonly string[] = [],
): Promise<string | undefined> {
  const config = await configOf(stack, cluster);
  const lock: ImagesLock = {
    schemaVersion: 1,
    images: Object.fromEntries(
      neededImages(config, { buildsRuntime: false })
        .filter((name) => !unlocked.includes(name))
        .map((name) => {
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
  const fault = imagePlatformFault(lock, config, { buildsRuntime: false, stack });
  return fault && `${fault.path.join(".")}: ${fault.message}; ${fault.fix ?? ""}`;
}

const armCpu = { nodePools: { cpu: { machine: "m7g.2xlarge", max: 9 } } };

describe("a pool with Arm machines", () => {
  const got =
    "cluster.nodePools.cpu.machine: must have processors for which every image has a build, got m7g.2xlarge, an Arm machine: ";

  it("is refused where the lock does not say for which platforms an image is", async () => {
    expect(await faultOf("prod", armCpu, undefined)).toBe(
      `${got}images.prod.lock.json does not say the platforms of ` +
        "alertmanager, cluster-autoscaler, external-secrets, prometheus, pushgateway, runtime; " +
        "npm run lock -- --stack prod --platforms asks the registries; or choose a machine with x86 processors",
    );
  });

  it("is refused with the images that have no digest, which the same command locks", async () => {
    expect(await faultOf("prod", armCpu, undefined, {}, ["pushgateway", "runtime"])).toBe(
      `${got}images.prod.lock.json does not say the platforms of alertmanager, cluster-autoscaler, external-secrets, prometheus; ` +
        "images.prod.lock.json has no digest of pushgateway, runtime; " +
        "npm run lock -- --stack prod --platforms asks the registries; for runtime take a released one with " +
        "npm run lock -- --stack prod --runtime IMAGE, or set slipway:images.build; or choose a machine with x86 processors",
    );
    expect(await faultOf("prod", armCpu, BOTH, {}, ["pushgateway", "runtime"])).toBeUndefined();
  });

  it("is refused where an image has no build for it, with the fix", async () => {
    expect(await faultOf("prod", armCpu, BOTH, { pushgateway: ["linux/amd64"] })).toBe(
      `${got}pushgateway has no image for linux/arm64; take another release of pushgateway in images.sources.json and run npm run lock -- --stack prod; ` +
        "or choose a machine with x86 processors",
    );
  });

  it("needs the runtime image for x86 too where pods with GPUs run it", async () => {
    expect(await faultOf("prod", armCpu, BOTH, { runtime: ["linux/arm64"] })).toContain(
      "runtime has no image for linux/amd64",
    );
    expect(
      await faultOf("prod", { ...armCpu, gpuPools: {} }, BOTH, { runtime: ["linux/arm64"] }),
    ).toBeUndefined();
  });

  it("needs both platforms of an image that runs on either pool", async () => {
    const system = { nodePools: { system: { machine: "t4g.medium", max: 3 } } };
    expect(await faultOf("prod", system, ["linux/amd64"])).toContain(
      "cluster-autoscaler has no image for linux/arm64",
    );
    expect(await faultOf("prod", system, ["linux/amd64"], { "cluster-autoscaler": BOTH })).toBeUndefined();
  });

  it.each([
    ["prod-gcp", "c4a-standard-8"],
    ["prod-azure", "Standard_D8ps_v6"],
  ])("is checked on %s", async (stack, machine) => {
    const cluster = { nodePools: { cpu: { machine, max: 9 } } };
    expect(await faultOf(stack, cluster, ["linux/amd64"])).toContain(`${machine}, an Arm machine`);
    expect(await faultOf(stack, cluster, BOTH)).toBeUndefined();
  });

  it("is not judged where no pool has one", async () => {
    expect(await faultOf("prod", {}, undefined)).toBeUndefined();
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
