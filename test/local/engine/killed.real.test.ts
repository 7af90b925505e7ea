import { spawn } from "node:child_process";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { crypterFor, decryptDeployment, readDeployment } from "../../../local/engine/state/backend.ts";
import { brokenInvariants } from "./invariants.ts";
import { temporaryFolder } from "./scripted-run.ts";
import { World } from "./world.ts";

const NEVER = 1_000_000;

interface Outcome {
  code: number | null;
  signal: string | null;
  output: string;
}

function run(backendDir: string, moments: number): Promise<Outcome> {
  const script = path.join(import.meta.dirname, "up-and-die.ts");
  const child = spawn(process.execPath, ["--import", "tsx", script, "options", backendDir, String(moments)]);
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
  return new Promise((resolve) => child.on("close", (code, signal) => resolve({ code, signal, output })));
}

/** What is in the world and in the state, by name, without what is drawn at random. */
async function outcome(backendDir: string): Promise<{ things: unknown; resources: string[] }> {
  const deployment = await readDeployment(path.join(backendDir, ".pulumi/stacks/options/dev.json"));
  const { resources, pending } = decryptDeployment(deployment, await crypterFor(deployment, "correct horse"));
  expect(brokenInvariants(resources)).toEqual([]);
  expect(pending).toEqual([]);
  const things = new World(path.join(backendDir, "world.json")).things();
  const ids = resources.filter(({ type }) => type === "world:index:Thing").map(({ id }) => id);
  expect(ids.sort()).toEqual(Object.keys(things).sort());
  return { things, resources: resources.map(({ urn }) => urn).sort() };
}

describe("an update that is killed by SIGKILL", () => {
  it("is taken up by the next one, which takes over the lock, and comes to what it would have", async () => {
    const whole = temporaryFolder();
    expect(await run(whole, NEVER)).toMatchObject({ code: 0 });
    const expected = await outcome(whole);
    for (const moments of [0, 2, 5, 9, 14]) {
      const folder = temporaryFolder();
      expect((await run(folder, moments)).signal).toBe("SIGKILL");
      const next = await run(folder, NEVER);
      expect(next.output).toContain("taking over the lock of process");
      expect(next.code).toBe(0);
      expect(await outcome(folder), `killed after ${moments} moments`).toEqual(expected);
    }
  });
});
