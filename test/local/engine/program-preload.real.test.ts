import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const PRELOAD = new URL("../../../local/engine/program-preload.mjs", import.meta.url).href;
const ROOT = fileURLToPath(new URL("../../..", import.meta.url));

/** Runs a script against the SDK as the engine runs a program. */
function run(script: string, env: Record<string, string> = {}): { status: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--import", PRELOAD, "-e", script], {
    cwd: ROOT,
    env: { ...process.env, ...env },
    encoding: "utf8",
  });
  return { status, output: stdout + stderr };
}

const says = `require("@pulumi/pulumi/runtime/settings").excessiveDebugOutput = true;
  require("@pulumi/pulumi/log").debug("a step of a resource");`;
const leaks = `const { debuggablePromise } = require("@pulumi/pulumi/runtime/debuggable");
  for (const name of ["first", "second", "third"]) debuggablePromise(new Promise(() => {}), name);
  for (const name of ["fourth", "fifth"]) debuggablePromise(Promise.resolve(name), name);`;
const fails = `const { debuggablePromise } = require("@pulumi/pulumi/runtime/debuggable");
  const failing = [1, 2].map((n) => [n, Promise.reject(new Error("no"))]);
  for (const [n, promise] of failing)
    debuggablePromise(promise, "x").catch((error) => console.log(n, error.message, error.promise === promise));`;

test("a program sends no debug messages, which nobody would see", () => {
  expect(run(says)).toEqual({ status: 0, output: "" });
});

test("a program that leaves promises unsettled is told how many, and fails", () => {
  const { status, output } = run(leaks);
  expect(output).toContain("3 promises were still active");
  expect(status).toBe(1);
});

test("what fails does so as before, and is known to be settled", () => {
  const { status, output } = run(fails);
  expect(output.trim().split("\n").sort()).toEqual(["1 no true", "2 no true"]);
  expect(status).toBe(0);
});

test("the SDK's own debugging comes back when it is asked for", () => {
  const asked = { PULUMI_DEBUG_PROMISE_LEAKS: "1" };
  expect(run(says, asked).output).toContain("a step of a resource");
  expect(run(leaks, asked).output).toContain("CONTEXT(2): third");
});
