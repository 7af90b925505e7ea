import { describe, expect, it } from "vitest";
import type { RegistryClient } from "../../../runtime/artifacts/registry-client.ts";
import { forEachBlob, pullBlobWithRetries } from "../../../runtime/artifacts/transfer-blobs.ts";
import { Corrupt } from "../../../runtime/errors.ts";

const blob = { mediaType: "text/plain", digest: `sha256:${"1".repeat(64)}`, size: 1 };

/** Pulls from a registry that fails with these errors first. Returns how often it was asked. */
async function pullThrough(...errors: Error[]): Promise<number> {
  let asked = 0;
  const registry = {
    name: "registry",
    pullBlob: () => {
      const error = errors[asked++];
      return error === undefined ? Promise.resolve() : Promise.reject(error);
    },
  } as unknown as RegistryClient;
  await pullBlobWithRetries(registry, "a/model", blob, "/nowhere");
  return asked;
}

describe("pulling a blob with retries", () => {
  it("asks again when the connection breaks, three times in all", async () => {
    expect(await pullThrough(new Error("terminated"), new Error("terminated"))).toBe(3);
    await expect(pullThrough(...Array.from({ length: 3 }, () => new Error("terminated")))).rejects.toThrow(
      `registry/a/model: blob ${blob.digest} broke off 3 times; run it again to go on`,
    );
  });

  it.each([
    ["a wrong digest", new Corrupt("wrong")],
    ["a full disk", Object.assign(new Error("ENOSPC: no space left"), { code: "ENOSPC" })],
  ])("does not repeat %s", async (_, error) => {
    await expect(pullThrough(error, error)).rejects.toBe(error);
  });
});

describe("forEachBlob", () => {
  it("copies each blob once, at most four at a time", async () => {
    const blobs = Array.from({ length: 20 }, (_, index) => ({ ...blob, digest: `${index % 10}` }));
    let running = 0;
    let most = 0;
    const copied: string[] = [];
    await forEachBlob(blobs, async ({ digest }) => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setTimeout(resolve, 1));
      copied.push(digest);
      running--;
    });
    expect(copied.sort()).toEqual([..."0123456789"]);
    expect(most).toBe(4);
  });

  it("begins nothing after an error, and lets what has begun end", async () => {
    const blobs = Array.from({ length: 10 }, (_, index) => ({ ...blob, digest: `${index}` }));
    const ended: string[] = [];
    const copies = forEachBlob(blobs, async ({ digest }) => {
      if (digest === "0") throw new Error("first");
      await new Promise((resolve) => setTimeout(resolve, 1));
      ended.push(digest);
    });
    await expect(copies).rejects.toThrow("first");
    expect(ended).toEqual(["1", "2", "3"]);
  });
});
