import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { contentKey, hashFile } from "../../../local/images/content-key.ts";

describe("contentKey", () => {
  it("does not depend on the order of the inputs", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.string()), (inputs) => {
        const reversed = Object.fromEntries(Object.entries(inputs).reverse());
        expect(contentKey(reversed)).toBe(contentKey(inputs));
      }),
    );
  });

  it("changes with any value", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (a, b) => {
        fc.pre(a !== b);
        expect(contentKey({ x: a })).not.toBe(contentKey({ x: b }));
      }),
    );
  });

  it("does not let one input run into the next", () => {
    expect(contentKey({ a: "1", b: "2" })).not.toBe(contentKey({ a: '1","b":"2', b: "" }));
    expect(contentKey({ ab: "c" })).not.toBe(contentKey({ a: "bc" }));
  });
});

describe("hashFile", () => {
  it("gives the value that sha256sum gives", async () => {
    const folder = await mkdtemp(join(tmpdir(), "content-key-"));
    await writeFile(join(folder, "a"), "abc");
    expect(await hashFile(join(folder, "a"))).toBe(
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    );
    await rm(folder, { recursive: true });
  });
});
