import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { RegistryClient } from "../../../runtime/artifacts/registry-client.ts";
import type { ImageStore } from "../../../local/images/image-store.ts";
import { connectImageRegistry, pushImage } from "../../../local/images/push-image.ts";

const digest = (digit: string): string => `sha256:${digit.repeat(64)}`;
const image = {
  digest: digest("9"),
  blobs: [1, 2].map((n) => ({ digest: digest(String(n)), size: n })),
  source: "x",
};

describe("pushImage", () => {
  async function push(present: boolean): Promise<{ pushed: boolean; calls: string[] }> {
    const folder = await mkdtemp(join(tmpdir(), "push-image-"));
    await writeFile(join(folder, "9"), "manifest");
    const calls: string[] = [];
    const client = {
      getManifest: async () => (present ? { digest: image.digest } : undefined),
      pushBlob: async (repository: string, blob: string) => void calls.push(`${repository} ${blob[7]}`),
      putManifest: async (_: string, tag: string, bytes: Uint8Array) =>
        void calls.push(`${tag} ${Buffer.from(bytes).toString()}`),
    } as unknown as RegistryClient;
    const store = { blob: (blob: string) => join(folder, blob[7] ?? "") } as ImageStore;
    const pushed = await pushImage(client, "slipway/redis", image, store, "key");
    await rm(folder, { recursive: true });
    return { pushed, calls };
  }

  it("pushes every blob before the manifest that names them", async () => {
    const { pushed, calls } = await push(false);
    expect(pushed).toBe(true);
    expect(calls).toEqual(["slipway/redis 1", "slipway/redis 2", "key manifest"]);
  });

  it("pushes nothing when the registry has the manifest", async () => {
    expect(await push(true)).toEqual({ pushed: false, calls: [] });
  });
});

describe("connectImageRegistry", () => {
  it("takes the credentials of the registry's host, and says which file lacks them", async () => {
    const folder = await mkdtemp(join(tmpdir(), "push-image-"));
    const authFile = join(folder, "auth.json");
    const registry = { host: "10.88.0.1:5000", url: "http://127.0.0.1:5000", authFile };
    const auth = Buffer.from("slipway:secret").toString("base64");
    await writeFile(authFile, JSON.stringify({ auths: { "10.88.0.1:5000": { auth } } }));
    expect((await connectImageRegistry(registry)).name).toBe("127.0.0.1:5000");
    await writeFile(authFile, JSON.stringify({ auths: { other: { auth } } }));
    await expect(connectImageRegistry(registry)).rejects.toThrow(
      `${authFile}: must hold credentials of 10.88.0.1:5000`,
    );
    await rm(folder, { recursive: true });
  });
});
