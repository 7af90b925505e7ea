import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { foundationOf } from "../../../operations/stack/foundation-of.ts";
import { loadStackFile } from "../../../operations/stack/load-stack-file.ts";
import { platformsOn } from "../../../operations/stack/platforms-on.ts";
import { WrongRequest } from "../../../operations/wrong-request.ts";

let folder: string;
beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), "stack-"))));
afterEach(() => rm(folder, { recursive: true }));

/** Puts something else than a file in the place of a stack file. */
const PLACES: Record<string, (path: string) => Promise<unknown>> = {
  "a folder": (path) => mkdir(path),
  "a named pipe": (path) => Promise.resolve(execFileSync("mkfifo", [path])),
  "a device": (path) => symlink("/dev/zero", path),
  "a socket": (path) =>
    new Promise<void>((resolve) => {
      const server = createServer().listen(path, resolve);
      server.unref();
    }),
};

it.each(Object.keys(PLACES))(
  "refuses %s in the place of a stack file, and does not wait for it",
  async (kind) => {
    await PLACES[kind]!(join(folder, "Pulumi.odd.yaml"));
    const message = `Pulumi.odd.yaml: must be a regular file, got ${kind}`;
    const failure: unknown = await loadStackFile(folder, "odd").catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(WrongRequest);
    expect((failure as Error).message).toContain(message);
    const text = "config:\n  slipway:cluster: { kind: foundation, stack: odd }\n";
    const path = join(folder, "Pulumi.prod.yaml");
    await writeFile(path, text);
    const ofFoundation: unknown = await foundationOf({ path, text }).catch((error: unknown) => error);
    expect(ofFoundation).toBeInstanceOf(WrongRequest);
    expect((ofFoundation as Error).message).toContain(message);
    expect(await platformsOn(folder, "odd")).toEqual(["prod"]);
  },
);

it("says that there is no file for a name that is too long for one", async () => {
  await expect(loadStackFile(folder, "x".repeat(300))).rejects.toThrow(WrongRequest);
});
