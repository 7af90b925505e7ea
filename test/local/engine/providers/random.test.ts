import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { randomProvider } from "../../../../local/engine/providers/random.ts";
import { planOnlyProvider } from "../../../../local/engine/providers/plan-only.ts";
import { UNKNOWN } from "../../../../local/engine/values/property-value.ts";
import type { ProviderContext } from "../../../../local/engine/provider.ts";
import type { PropertyMap } from "../../../../local/engine/values/property-value.ts";

const provider = randomProvider();

function context(type: string): ProviderContext {
  const silent = (): void => undefined;
  return { urn: "urn", name: "n", type, signal: new AbortController().signal, status: silent, log: silent };
}

const password = context("random:index/randomPassword:RandomPassword");

async function result(inputs: PropertyMap): Promise<string> {
  return (await provider.create(password, inputs, { preview: false })).outputs["result"] as string;
}

describe("a random password", () => {
  it("has its length and of each group at least the minimum", async () => {
    const minimum = fc.integer({ min: 0, max: 5 });
    await fc.assert(
      fc.asyncProperty(
        minimum,
        minimum,
        minimum,
        minimum,
        async (minLower, minUpper, minNumeric, minSpecial) => {
          const text = await result({ length: 24, minLower, minUpper, minNumeric, minSpecial });
          expect(text).toHaveLength(24);
          const count = (group: RegExp): number => text.match(group)?.length ?? 0;
          expect(count(/[a-z]/g)).toBeGreaterThanOrEqual(minLower);
          expect(count(/[A-Z]/g)).toBeGreaterThanOrEqual(minUpper);
          expect(count(/\d/g)).toBeGreaterThanOrEqual(minNumeric);
          expect(count(/[^a-zA-Z\d]/g)).toBeGreaterThanOrEqual(minSpecial);
        },
      ),
    );
  });

  it("uses only the alphabets that are true", async () => {
    expect(await result({ length: 50, special: false, upper: false })).toMatch(/^[a-z0-9]{50}$/);
    expect(
      await result({ length: 50, lower: false, upper: false, numeric: false, overrideSpecial: "_-" }),
    ).toMatch(/^[_-]{50}$/);
    await expect(
      result({ length: 5, lower: false, upper: false, numeric: false, special: false }),
    ).rejects.toThrow(/must be true/);
    await expect(result({ length: 2, minLower: 3 })).rejects.toThrow(/at least the sum/);
  });

  it("uses every letter about equally", async () => {
    const text = await result({ length: 26_000, upper: false, numeric: false, special: false });
    const counts = new Map<string, number>();
    for (const letter of text) counts.set(letter, (counts.get(letter) ?? 0) + 1);
    expect(counts.size).toBe(26);
    for (const count of counts.values()) expect(count).toBeGreaterThan(800);
  });

  it("is drawn anew for any change of its inputs, and unknown in a preview", async () => {
    const diff = await provider.diff(
      password,
      "none",
      { length: 5 },
      {},
      { length: 6 },
      { ignoreChanges: [], preview: false },
    );
    expect(diff).toMatchObject({ changes: true, replaces: ["length"] });
    const planned = await provider.create(password, { length: 5 }, { preview: true });
    expect(planned.outputs["result"]).toBe(UNKNOWN);
  });

  it("of no length is refused", async () => {
    const options = { randomSeed: Buffer.alloc(32), preview: false };
    expect((await provider.check(password, undefined, { length: 0 }, options)).failures).toHaveLength(1);
    const pet = context("random:index/randomPet:RandomPet");
    await expect(provider.check(pet, undefined, {}, options)).rejects.toThrow(
      /randomPet:RandomPet: the offline engine has only/,
    );
  });
});

describe("random bytes and ids", () => {
  it("give the same bytes in every form", async () => {
    const bytes = await provider.create(
      context("random:index/randomBytes:RandomBytes"),
      { length: 16 },
      { preview: false },
    );
    expect(Buffer.from(bytes.outputs["base64"] as string, "base64").toString("hex")).toBe(
      bytes.outputs["hex"],
    );
    const id = await provider.create(
      context("random:index/randomId:RandomId"),
      { byteLength: 8 },
      { preview: false },
    );
    const { hex, dec, b64Url } = id.outputs as Record<string, string>;
    expect(
      BigInt(dec ?? "")
        .toString(16)
        .padStart(16, "0"),
    ).toBe(hex);
    expect(id.id).toBe(b64Url);
    expect(hex).toHaveLength(16);
  });
});

describe("a provider for previews only", () => {
  const aws = planOnlyProvider("aws");
  const bucket = context("aws:s3/bucket:Bucket");

  it("plans, and refuses to create, update or delete", async () => {
    expect(await aws.create(bucket, { acl: "x" }, { preview: true })).toEqual({
      id: "",
      outputs: { acl: "x" },
    });
    await expect(aws.create(bucket, {}, { preview: false })).rejects.toThrow(/package aws: .*only previews/);
    await expect(aws.update(bucket, "i", {}, {}, {}, { ignoreChanges: [], preview: false })).rejects.toThrow(
      /only previews/,
    );
    await expect(aws.delete(bucket, "i", {}, {})).rejects.toThrow(/only previews/);
  });
});
