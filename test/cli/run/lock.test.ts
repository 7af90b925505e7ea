import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { lock } from "../../../cli/run/lock.ts";
import { WrongRequest } from "../../../operations/wrong-request.ts";

test("refuses a stack whose registry is local, before it writes anything", async () => {
  const sources = new URL("../../../images.sources.json", import.meta.url);
  const before = await readFile(sources, "utf8");
  const flags = { stack: "dev", follow: false, platforms: true, runtime: "ghcr.io/acme/runtime:v1.0.0" };
  const refused = lock(flags);
  await expect(refused).rejects.toThrow(WrongRequest);
  await expect(refused).rejects.toThrow(
    "the stack must take images from public registries, got dev, for which npm run up builds every image; " +
      "name another one with --stack",
  );
  expect(await readFile(sources, "utf8")).toBe(before);
});

test("names --runtime if its value is no image, before it reads the stack", async () => {
  const refused = lock({ stack: "dev", follow: false, platforms: false, runtime: "foo" });
  await expect(refused).rejects.toThrow(WrongRequest);
  await expect(refused).rejects.toThrow("--runtime must be HOST/REPOSITORY:TAG");
});
