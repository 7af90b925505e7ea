import { readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { moduleVersion } from "../../../local/tools/go-tool.ts";
import { newEnough } from "../../../local/tools/go-toolchain.ts";

const tools = join(import.meta.dirname, "..", "..", "..", "local", "tools");

describe("a version of Go", () => {
  it.each([
    ["go1.26.6", true],
    ["go1.26.8", true],
    ["go1.26.10", true],
    ["go1.26.5", false],
    ["go1.26", false],
    ["go1.27rc1", true],
    ["go1.100.1", true],
    ["go2.0", true],
    ["go1.25.9", false],
    ["go1.9", false],
    ["devel", false],
    ["", false],
  ])("such as %j is new enough: %s", (version, expected) => {
    expect(newEnough(version)).toBe(expected);
  });

  it("is new enough for every tool that is built", async () => {
    const paths = await readdir(tools, { recursive: true });
    const folders = paths.filter((path) => /^[^/]+\/go\.mod$/.test(path)).map((path) => dirname(path));
    expect(folders.length).toBeGreaterThanOrEqual(3);
    for (const name of folders) {
      const line = /^go (\S+)$/m.exec(await readFile(join(tools, name, "go.mod"), "utf8"))?.[1];
      // The oldest Go that is new enough.
      const [, minor = 0, patch = 0] = (line ?? "").split(".").map(Number);
      expect(minor * 1000 + patch, name).toBeLessThanOrEqual(26_006);
    }
  });
});

describe("the version of a module", () => {
  it("is read from a require line, alone or in a block", () => {
    expect(moduleVersion("module x\n\nrequire k8s.io/kubernetes v1.35.4\n", "k8s.io/kubernetes")).toBe(
      "v1.35.4",
    );
    expect(
      moduleVersion(
        "require (\n\tk8s.io/api v0.1.0\n\tk8s.io/kubernetes v1.2.3 // indirect\n)\n",
        "k8s.io/kubernetes",
      ),
    ).toBe("v1.2.3");
  });

  it("is not that of a module with a longer name, nor of a replacement", () => {
    const goMod =
      "require k8s.io/kubernetes-fork v9.9.9\nreplace k8s.io/kubernetes => k8s.io/kubernetes v8.8.8\n";
    expect(() => moduleVersion(goMod, "k8s.io/kubernetes")).toThrow("go.mod must require k8s.io/kubernetes");
  });
});
