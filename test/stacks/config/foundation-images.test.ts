import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { lockFromSources } from "../../../cli/mirror/lock-from-sources.ts";
import type { ImagesLock } from "../../../components/platform/registry/images-lock.ts";
import { pulledImages } from "../../../components/platform/registry/pull-through.ts";
import { foundationImages } from "../../../stacks/config/foundation-images.ts";
import { loadImageSources } from "../../../stacks/config/image-sources.ts";
import { imageUpstreams } from "../../../stacks/config/image-upstreams.ts";
import { parseStack } from "../stack.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const digest = `sha256:${"7".repeat(64)}`;
const SECRET = "arn:aws:secretsmanager:eu-central-1:417366251839:secret:ecr-pullthroughcache/ghcr-AbCdEf";
const upstreams = await imageUpstreams(root);
const unlocked: ImagesLock = { schemaVersion: 1, images: {} };
const sources = await loadImageSources(`${root}/images.sources.json`);
/** The lock that `npm run lock` writes from the sources of this checkout. */
const locked = lockFromSources(
  {
    ...sources,
    images: Object.fromEntries(
      Object.entries(sources.images).map(([name, { reference }]) => [name, { reference, digest }]),
    ),
  },
  unlocked,
);

const configOf = async (stack: string) => (await parseStack(stack)).config;
const repositories = (lock: ImagesLock, config: Awaited<ReturnType<typeof configOf>>) =>
  Object.values(
    foundationImages(lock, config, { preview: true, buildsRuntime: true, upstreams }).images.images,
  )
    .map(({ repository }) => repository)
    .sort();

describe("the images of a foundation", () => {
  it.each(["prod-foundation", "prod-gcp-foundation", "prod-azure-foundation"])(
    "have the same repositories before and after lock in %s",
    async (stack) => {
      const config = await configOf(stack);
      expect(repositories(unlocked, config)).toEqual(repositories(locked, config));
    },
  );

  it("have the repository with copies on ECR before lock", async () => {
    const names = repositories(unlocked, await configOf("prod-foundation"));
    expect(names).toContain("upstream/quay.io/prometheus/pushgateway");
    expect(names).not.toContain("slipway/pushgateway");
    expect(names).toContain("slipway/external-secrets");
  });

  it("are pulled through from ghcr.io before lock where ECR has an account of it", async () => {
    const config = await configOf("prod-foundation");
    const upstreamSecrets = { "ghcr.io": SECRET };
    const { images } = foundationImages(
      unlocked,
      { ...config, registry: { kind: "ecr", upstreamSecrets } },
      { preview: true, buildsRuntime: true, upstreams },
    );
    expect(pulledImages("ecr", images).map(({ host }) => host)).toContain("ghcr.io");
  });

  it("are refused in a deployment where one has no source, because nobody knows its repository", async () => {
    const config = await configOf("prod-foundation");
    const run = { buildsRuntime: false, stack: "prod-foundation", upstreams };
    const problem =
      "images.sources.json has no source of runtime, which decides the repository in the registry: " +
      "for runtime take a released one with npm run lock -- --stack prod-foundation --runtime IMAGE, or set slipway:images.build";
    expect(foundationImages(unlocked, config, { ...run, preview: true }).notices).toEqual([
      `${problem}; until then the plan has slipway/runtime, and up refuses it`,
    ]);
    expect(() => foundationImages(unlocked, config, { ...run, preview: false })).toThrow(problem);
    const copied = { ...config, images: { ...config.images, supply: "copy" as const } };
    expect(foundationImages(unlocked, copied, { ...run, preview: false }).notices).toEqual([]);
  });
});
