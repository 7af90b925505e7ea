import { execFile, spawnSync } from "node:child_process";
import { mkdir, mkdtemp, readFile, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { tinyArtifact } from "./serving/tiny-model.ts";
import { fakeRegistry } from "./support/fake-registry.ts";
import { lightGbmLibrary } from "./support/lightgbm-library.ts";
import { redisProcess } from "./support/redis-process.ts";
import { serveProcess } from "./support/serve-process.ts";

/** Where the kernel lets a process be traced, every connection and every file it opens for writing is seen. */
const TRACER = [
  "strace",
  "-D",
  "-f",
  "-qq",
  "--seccomp-bpf",
  "-e",
  "trace=connect,sendto,sendmmsg,openat,mkdir",
];
const canTrace = spawnSync("strace", ["-qq", "-o", "/dev/null", "true"]).status === 0;

let folder: string;
let home: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "privacy-"));
  home = join(folder, "home");
  await mkdir(home);
  await mkdir(join(folder, "tmp"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const environment = (): Record<string, string> => ({ HOME: home, TMPDIR: join(folder, "tmp") });

/** Returns what a traced process reached beyond this machine, and what it opened for writing outside its folder. */
async function strayCalls(trace: string): Promise<string[]> {
  const lines = (await readFile(trace, "utf8")).split("\n");
  return lines.filter((line) => {
    if (/\b(connect|sendto|sendmmsg)\(/.test(line))
      return /sa_family=AF_INET6?/.test(line) && !/inet_addr\("127\.|"::1"/.test(line);
    const path = /\b(?:openat|mkdir)\((?:AT_FDCWD, )?"([^"]*)"/.exec(line)?.[1] ?? "";
    const writes = /O_WRONLY|O_RDWR|O_CREAT|\bmkdir\(/.test(line) && !/ = -1 /.test(line);
    return writes && !path.startsWith(folder) && !/^\/(dev|proc|sys)\//.test(path);
  });
}

test("a server loads and runs a model, and neither writes a file outside its folder nor looks a name up", async () => {
  const registry = await fakeRegistry();
  const redis = await redisProcess();
  const { reference, manifest, blobs } = await tinyArtifact();
  registry.manifests.set(reference.split("@")[1] ?? "", manifest);
  for (const [digest, bytes] of blobs) registry.blobs.set(digest, bytes);
  const trace = join(folder, "serve.trace");
  const served = await serveProcess(
    {
      ...environment(),
      SLIPWAY_REGISTRY: registry.url,
      SLIPWAY_MODEL: reference,
      SLIPWAY_FEATURE_STORE_URL: redis.url,
      SLIPWAY_FEATURE_STORE_PASSWORD: redis.password,
      SLIPWAY_DRAIN_SECONDS: "0",
    },
    [],
    canTrace ? [...TRACER, "-o", trace] : [],
  );
  const inputs = [{ name: "features", shape: [1, 5], datatype: "FP32", data: [1, 5, 40, 10, 150] }];
  const answer = await fetch(`${served.url}/v2/models/tiny/infer`, {
    method: "POST",
    body: JSON.stringify({ inputs }),
  });
  expect(answer.status).toBe(200);
  await sleep(2000); // reports to a maker are sent from threads of their own
  served.child.kill("SIGTERM");
  expect(await served.ended).toBe(0);
  await redis.close();
  await registry.close();
  expect(await readdir(home)).toEqual([]);
  if (canTrace) expect(await strayCalls(trace)).toEqual([]);
});

test("DuckDB and LightGBM write nothing outside the folder that they are given, and look no name up", async () => {
  const script = new URL("./support/use-native-libraries.ts", import.meta.url).pathname;
  const trace = join(folder, "jobs.trace");
  const command = [process.execPath, "--import", "tsx", script, await lightGbmLibrary(), join(folder, "tmp")];
  const [program = "", ...args] = canTrace ? [...TRACER, "-o", trace, ...command] : command;
  const { stdout } = await promisify(execFile)(program, args, {
    env: { PATH: process.env["PATH"], ...environment() },
  });
  expect(stdout).toMatch(/trained \d+ characters on 1000 rows/);
  expect(await readdir(home)).toEqual([]);
  if (canTrace) expect(await strayCalls(trace)).toEqual([]);
});
