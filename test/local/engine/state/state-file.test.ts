import { readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import path from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import {
  currentStateFile,
  readStateFile,
  stateFileBytes,
} from "../../../../local/engine/state/state-file.ts";
import { readDeployment } from "../../../../local/engine/state/backend.ts";
import { scriptedUp, temporaryFolder } from "../scripted-run.ts";
import { World } from "../world.ts";

describe("a state file", () => {
  it("is found, read and written packed where the CLI has packed it", async () => {
    const folder = temporaryFolder();
    const world = new World(path.join(folder, "world.json"));
    const stateFile = path.join(folder, "dev.json");
    const options = { stateFile, world };
    await scriptedUp(options, async ({ add }) => void (await add("one")));
    writeFileSync(`${stateFile}.gz`, gzipSync(readFileSync(stateFile)));
    rmSync(stateFile);
    expect((await readDeployment(stateFile))?.resources).toHaveLength(3);
    const again = await scriptedUp(
      options,
      async ({ add }) => void (await add("one", { inputs: { spec: 1 } })),
    );
    expect([again.counts.create, again.counts.update]).toEqual([0, 1]);
    expect(readdirSync(folder).sort()).toEqual(["dev.json.gz", "world.json"]);
    expect(gunzipSync(readFileSync(`${stateFile}.gz`)).toString()).toContain('"spec":1');
  });

  it("is the one that was written last, where there are a plain one and a packed one", async () => {
    const file = path.join(temporaryFolder(), "dev.json");
    writeFileSync(file, "plain");
    writeFileSync(`${file}.gz`, stateFileBytes(`${file}.gz`, "packed"));
    utimesSync(file, 1000, 1000);
    expect(await readStateFile(await currentStateFile(file))).toBe("packed");
    utimesSync(`${file}.gz`, 500, 500);
    expect(await readStateFile(await currentStateFile(file))).toBe("plain");
  });

  it.each([
    [
      '{"version":3,"deployment":{"resources":[]}}',
      "is an output of pulumi stack export, which pulumi stack import reads",
    ],
    ['{"version":3}', "is not a checkpoint"],
  ])("is not read as an empty stack where it holds %s", async (text, reason) => {
    const file = path.join(temporaryFolder(), "dev.json");
    writeFileSync(file, text);
    await expect(readDeployment(file)).rejects.toThrow(`${file}: the state ${reason}; restore it from`);
  });

  it.each([
    ["cut off", "dev.json", '{"version":3,"checkpoint":{"latest":{"password":"hunter2'],
    ["empty", "dev.json", ""],
    ["no object", "dev.json", "null"],
    ["cut off while packed", "dev.json.gz", gzipSync("{}").subarray(0, 12)],
  ])("that is %s is refused with its name and the mend", async (_what, name, content) => {
    const folder = temporaryFolder();
    writeFileSync(path.join(folder, name), content);
    const reading = readDeployment(path.join(folder, "dev.json"));
    await expect(reading).rejects.toThrow(`${path.join(folder, name)}: the state `);
    await expect(reading).rejects.toThrow("; restore it from a backup or from version control");
    await expect(reading).rejects.not.toThrow("hunter2");
  });

  it("that is damaged names the CLI's backup beside it", async () => {
    const file = path.join(temporaryFolder(), "dev.json");
    writeFileSync(file, "{");
    writeFileSync(`${file}.bak`, "{}");
    await expect(readDeployment(file)).rejects.toThrow(`; restore it from ${file}.bak, and do not delete it`);
  });

  it("need not be there", async () => {
    const file = path.join(temporaryFolder(), "dev.json");
    expect(await currentStateFile(file)).toBe(file);
    expect(await readStateFile(file)).toBeUndefined();
  });

  it.each([
    ["[]"],
    ['{"version":3,"checkpoint":{"latest":{"resources":"hunter2"}}}'],
    ['{"version":3,"checkpoint":{"latest":{"resources":[{"urn":5}]}}}'],
    ['{"version":3,"checkpoint":"hunter2"}'],
  ])("with another content is named, and not quoted: %s", async (text) => {
    const file = path.join(temporaryFolder(), "dev.json");
    writeFileSync(file, text);
    const read = readDeployment(file);
    await expect(read).rejects.toThrow(`${file}: the state is not a checkpoint; restore it from`);
    await expect(read).rejects.not.toThrow("hunter2");
  });

  it("that is a folder, or of another version, is named", async () => {
    const folder = temporaryFolder();
    await expect(readDeployment(folder)).rejects.toThrow(`${folder}: the state is a folder; restore it`);
    const file = path.join(folder, "dev.json");
    writeFileSync(file, '{"version":99,"checkpoint":{}}');
    await expect(readDeployment(file)).rejects.toThrow(
      `${file}: version must be 3, got 99: another version of Pulumi wrote it`,
    );
  });
});
