import { expect, it } from "vitest";
import { planImageSupply } from "../../components/platform/registry/pull-through.ts";
import { fillPullThrough } from "../../operations/fill-pull-through.ts";
import type { RegistryClient } from "../../runtime/artifacts/registry-client.ts";
import { upstreamLock } from "../components/upstream-lock.ts";

const { pulled } = planImageSupply("ecr", upstreamLock);
const [{ target, digest }] = pulled as [(typeof pulled)[number]];

/** A registry that, as ECR does, has a digest only after somebody has asked for its tag. */
function ecr(tags: Record<string, string>): { client: RegistryClient; asked: string[] } {
  const present = new Set<string>();
  const asked: string[] = [];
  const client = {
    name: "ecr",
    getManifest: (repository: string, reference: string) => {
      asked.push(reference);
      const found = tags[reference];
      if (found === "broken") return Promise.reject(new Error("status 403 from ecr"));
      if (found !== undefined) present.add(`${repository}@${found}`);
      const resolved = found ?? reference;
      return Promise.resolve(present.has(`${repository}@${resolved}`) ? { digest: resolved } : undefined);
    },
  } as unknown as RegistryClient;
  return { client, asked };
}

it("asks for the tag once, after which the registry has the digest", async () => {
  const { client, asked } = ecr({ "v3.5.0": digest });
  expect(await fillPullThrough(client, pulled)).toEqual([]);
  expect(asked).toEqual([digest, "v3.5.0"]);
  expect(await fillPullThrough(client, pulled)).toEqual([]);
  expect(asked.slice(2)).toEqual([digest]);
  expect(await client.getManifest(target, digest)).toMatchObject({ digest });
});

it("tells of a tag that has moved, of one that is gone, and of a refusal", async () => {
  const moved = `sha256:${"9".repeat(64)}`;
  expect(await fillPullThrough(ecr({ "v3.5.0": moved }).client, pulled)).toEqual([
    {
      name: "prometheus",
      reason: `quay.io/prometheus/prometheus:v3.5.0 is now ${moved}, and the lock has ${digest}; lock it again, or copy the images: slipway:images.supply copy`,
    },
  ]);
  expect(await fillPullThrough(ecr({}).client, pulled)).toEqual([
    { name: "prometheus", reason: "ecr found no quay.io/prometheus/prometheus:v3.5.0" },
  ]);
  expect(await fillPullThrough(ecr({ "v3.5.0": "broken" }).client, pulled)).toEqual([
    { name: "prometheus", reason: "status 403 from ecr" },
  ]);
});
