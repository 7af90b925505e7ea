import { join } from "node:path";
import { afterEach, expect, it, vi } from "vitest";
import { failureLines } from "../../cli/failure-lines.ts";
import { UsageError } from "../../cli/usage-error.ts";

it("prints each cause once, and none that the message has already", () => {
  const login = new Error("aws: the token has expired");
  const again = new Error(`registry r.example.com: no login: ${login.message}`, { cause: login });
  expect(failureLines("train", again)).toEqual([
    "\n✗ train: registry r.example.com: no login: aws: the token has expired",
  ]);
  const deploy = new Error("the deployment failed", { cause: again });
  expect(failureLines("up", deploy)).toEqual([
    "\n✗ up: the deployment failed",
    "  because: registry r.example.com: no login: aws: the token has expired",
  ]);
});

it("prints a value that is no error, and the help after wrong flags", () => {
  expect(failureLines("up", "stopped")).toEqual(["\n✗ up: stopped"]);
  expect(failureLines("up", new UsageError(["--stak: no such flag"])).at(-1)).toBe(
    "  npm run up -- --help shows the flags and examples",
  );
});

it("names the command once", () => {
  expect(failureLines("backup", new Error("backup: the registry has nothing"))).toEqual([
    "\n✗ backup: the registry has nothing",
  ]);
});

const ofDisk = (code: string, syscall: string, path: string): Error =>
  Object.assign(new Error(`${code}: read-only file system, ${syscall} '${path}'`), { code, syscall, path });
const root = join(import.meta.dirname, "../..");
afterEach(() => vi.unstubAllEnvs());

it("names the place, the rule and the fix where the checkout is read-only", () => {
  const error = ofDisk("EROFS", "mkdtemp", join(root, ".images-sources-0QWXZC"));
  expect(failureLines("lock", error)).toEqual([
    `\n✗ lock: ${root}: must be writable, got a read-only file system (EROFS); make it so, or run the command in a copy of the checkout that can be written`,
  ]);
});

it("names the variable that moves the folder of the state", () => {
  vi.stubEnv("SLIPWAY_HOME", "/data/slipway");
  const error = ofDisk("EACCES", "open", "/data/slipway/pulumi/state.json");
  const cause = new Error("the state cannot be written", { cause: error });
  expect(failureLines("pin", cause).at(-1)).toBe(
    "  because: /data/slipway/pulumi/state.json: must be accessible for this user, got permission denied (EACCES); make it so, or set SLIPWAY_HOME to a folder that can be written",
  );
});

it("leaves a missing file, and messages of our own, as they are", () => {
  expect(failureLines("up", ofDisk("ENOENT", "open", "/nowhere"))).toEqual([
    "\n✗ up: ENOENT: read-only file system, open '/nowhere'",
  ]);
  expect(failureLines("up", ofDisk("ENOENT", "mkdir", "/tmp/new/folder"))).toEqual([
    "\n✗ up: ENOENT: read-only file system, mkdir '/tmp/new/folder'",
  ]);
  const own = Object.assign(new Error("the state is locked"), { code: "EACCES", path: "/x" });
  expect(failureLines("up", own)).toEqual(["\n✗ up: the state is locked"]);
});
