import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Gives all tests of a run one folder for their temporary files, and removes it at the end, with what interrupted tests left. */
export default async function temporaryFolders(): Promise<() => Promise<void>> {
  const before = process.env["TMPDIR"];
  const folder = await mkdtemp(join(tmpdir(), "slipway-unit-"));
  process.env["TMPDIR"] = folder;
  return async () => {
    if (before === undefined) delete process.env["TMPDIR"];
    else process.env["TMPDIR"] = before;
    await rm(folder, { recursive: true, force: true });
  };
}
