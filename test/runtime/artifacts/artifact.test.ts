import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { digestOf } from "../../../runtime/artifacts/digest.ts";
import { manifestBytes } from "../../../runtime/artifacts/manifest.ts";
import { pullArtifact, verifyFiles } from "../../../runtime/artifacts/pull-artifact.ts";
import { pushArtifact } from "../../../runtime/artifacts/push-artifact.ts";
import { listReferrers } from "../../../runtime/artifacts/referrers.ts";
import { registryClient } from "../../../runtime/artifacts/registry-client.ts";
import type { RegistryClient } from "../../../runtime/artifacts/registry-client.ts";
import { withScratch } from "../../../runtime/scratch.ts";
import { fakeRegistry } from "../support/fake-registry.ts";
import type { FakeRegistry } from "../support/fake-registry.ts";

let server: FakeRegistry;
let registry: RegistryClient;
beforeEach(async () => {
  server = await fakeRegistry();
  registry = registryClient({ url: server.url, retries: 0 });
});
afterEach(() => server.close());

const repository = "flight-delays/model";

async function pushed(scratch: string, content = "one"): Promise<string> {
  const directory = join(scratch, "in");
  await mkdir(directory, { recursive: true });
  await writeFile(join(directory, "a.json"), content);
  await writeFile(join(directory, "b.parquet"), "two");
  return pushArtifact(registry, {
    repository,
    kind: "model",
    directory,
    files: ["b.parquet", "a.json"],
    tag: "champion",
  });
}

describe("an artifact", () => {
  it("comes back as it was pushed, by digest and by tag", () =>
    withScratch(async (scratch) => {
      const reference = await pushed(scratch);
      expect(`${repository}@${await registry.resolveTag(repository, "champion")}`).toBe(reference);
      const files = await pullArtifact(registry, reference, join(scratch, "out"), "model");
      expect(files.map(({ name }) => name)).toEqual(["a.json", "b.parquet"]);
      expect(await readFile(join(scratch, "out/a.json"), "utf8")).toBe("one");
    }));

  it("has the same reference for the same files, and another for others", () =>
    withScratch(async (scratch) => {
      const first = await pushed(scratch);
      expect(await pushed(scratch)).toBe(first);
      expect(await pushed(scratch, "changed")).not.toBe(first);
    }));

  it("refuses a blob that was changed in the registry", () =>
    withScratch(async (scratch) => {
      const reference = await pushed(scratch);
      server.blobs.set(digestOf("one"), Buffer.from("0ne"));
      await expect(pullArtifact(registry, reference, join(scratch, "out"))).rejects.toThrow(
        /must be 3 bytes with digest/,
      );
    }));

  it("refuses another kind than the one asked for, and one that is not there", () =>
    withScratch(async (scratch) => {
      const reference = await pushed(scratch);
      await expect(pullArtifact(registry, reference, scratch, "dataset")).rejects.toThrow(
        /must be of type application\/vnd.slipway.dataset.v1, got application\/vnd.slipway.model.v1/,
      );
      const gone = `${repository}@${digestOf("gone")}`;
      await expect(pullArtifact(registry, gone, scratch)).rejects.toThrow(`artifact: no ${gone}`);
    }));

  it("refuses a folder with a file missing, changed or too many", () =>
    withScratch(async (scratch) => {
      const reference = await pushed(scratch);
      const out = join(scratch, "out");
      const files = await pullArtifact(registry, reference, out);
      await verifyFiles(out, files);
      await expect(
        verifyFiles(out, [...files, { name: "c", digest: digestOf(""), size: 0 }]),
      ).rejects.toThrow(/c is missing/);
      await writeFile(join(out, "a.json"), "0ne");
      await expect(verifyFiles(out, files)).rejects.toThrow(/a.json must have digest/);
      await pullArtifact(registry, reference, out); // pulls the changed file again
      await verifyFiles(out, files);
      await writeFile(join(out, "d"), "");
      await expect(verifyFiles(out, files)).rejects.toThrow(/d in .* is not part of the artifact/);
      await expect(pullArtifact(registry, reference, out)).rejects.toThrow(/is not part of the artifact/);
    }));

  it.each(["../evil", "/etc/passwd", "a/../../b", "a//b", "", ".", "a\\b", "a\nb"])(
    "refuses a manifest that names a file %j",
    async (name) => {
      const file = { name: "ok", digest: digestOf("x"), size: 1 };
      const bytes = Buffer.from(
        manifestBytes({ kind: "model", files: [file] })
          .toString()
          .replace('"ok"', JSON.stringify(name)),
      );
      server.manifests.set(digestOf(bytes), bytes);
      server.blobs.set(digestOf("x"), Buffer.from("x"));
      await withScratch((scratch) =>
        expect(
          pullArtifact(registry, `${repository}@${digestOf(bytes)}`, join(scratch, "out")),
        ).rejects.toThrow(/must stay inside the artifact/),
      );
    },
  );

  const refused = async (bytes: Buffer, message: string | RegExp): Promise<void> => {
    server.manifests.set(digestOf(bytes), bytes);
    server.blobs.set(digestOf("x"), Buffer.from("x"));
    await withScratch((scratch) =>
      expect(
        pullArtifact(registry, `${repository}@${digestOf(bytes)}`, join(scratch, "out")),
      ).rejects.toThrow(message),
    );
  };
  const named = (...names: string[]): Buffer =>
    manifestBytes({ kind: "model", files: names.map((name) => ({ name, digest: digestOf("x"), size: 1 })) });

  it("refuses a manifest that is no JSON, and one that is too large to be one", async () => {
    await refused(Buffer.from("no JSON"), /must be an OCI artifact manifest/);
    await refused(Buffer.alloc(4 * 1024 * 1024 + 1, " "), "must have at most 4194304 bytes");
  });

  it("refuses a name that is a file and a folder, and one that no file system takes", async () => {
    await refused(named("a", "a/b"), "artifact: a must be a file or a folder, it is both");
    const text = named("ok")
      .toString()
      .replace('"ok"', JSON.stringify("x".repeat(256)));
    await refused(Buffer.from(text), /a file name must have at most 255 bytes, got x+…/);
  });

  it("is listed as a referrer of its subject where the registry keeps no referrers", () =>
    withScratch(async (scratch) => {
      const subject = await pushed(scratch);
      const options = {
        repository,
        kind: "evaluation" as const,
        directory: join(scratch, "in"),
        files: ["a.json"],
        subject,
      };
      const reference = await pushArtifact(registry, options);
      await pushArtifact(registry, options);
      const digest = subject.slice(subject.indexOf("@") + 1);
      const referrers = await listReferrers(registry, repository, digest);
      expect(referrers.map((referrer) => `${repository}@${referrer.digest}`)).toEqual([reference]);
      expect(await listReferrers(registry, repository, digest, "drift")).toEqual([]);
    }));

  it("refuses to tag a digest that is not there", async () => {
    await expect(registry.putTag(repository, "champion", digestOf("gone"))).rejects.toThrow(/no manifest/);
  });
});
