import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { stackNeeds } from "../cli/preview/stack-needs.ts";
import { stacksOf } from "../stacks/config/stacks-of.ts";
import { median } from "./median.ts";
import { keepPeaks, residentMemory } from "./resident-memory.ts";

/**
 * Measures the time of an offline preview, the part of it in which Node starts and loads packages, the memory of each process, and
 * how both grow with the number of inference services. Each preview runs in new processes.
 */
const root = join(import.meta.dirname, "..");
const SERVICES = [10, 30, 100, 300, 1000];
const SERVICES_WITH_POLICIES = 100;
const SAMPLE_MS = 100;
const ROUNDS = 3;
const BASE_STACK = "prod-gcp";
/** The modules that a stack's program loads before it registers a resource: the SDK, the components, its cloud's package. */
const START = `await import("./stacks/index.ts"); await import("./stacks/MODULE.ts");`;
/** Stack → the module that its program loads for its layer and cloud. */
const MODULE_OF: Readonly<Record<string, string>> = {
  "prod-foundation": "foundation/aws",
  prod: "connection/aws",
  "prod-gcp-foundation": "foundation/gcp",
  "prod-gcp": "connection/gcp",
  "prod-azure-foundation": "foundation/azure",
  "prod-azure": "connection/azure",
};

const resultSchema = z.object({
  ok: z.boolean(),
  steps: z.int(),
  seconds: z.number(),
  failed: z.array(z.unknown()),
});

interface Measured extends z.infer<typeof resultSchema> {
  /** Peak memory in MB, by process. */
  megabytes: Record<string, number>;
}

function node(...args: string[]): ReturnType<typeof spawn> {
  return spawn(process.execPath, ["--import", "tsx", ...args], {
    stdio: ["ignore", "pipe", "inherit"],
    cwd: root,
  });
}

async function measure(
  stack: string,
  { policies = false, configFile }: { policies?: boolean; configFile?: string } = {},
): Promise<Measured> {
  const child = node(
    join(import.meta.dirname, "preview-once.ts"),
    stack,
    policies ? "policies" : "plain",
    ...(configFile ? [configFile] : []),
  );
  let output = "";
  child.stdout?.setEncoding("utf8").on("data", (chunk: string) => (output += chunk));
  const kib: Record<string, number> = {};
  const sample = async (): Promise<void> => {
    if (child.pid !== undefined) keepPeaks(kib, await residentMemory(child.pid, role));
  };
  const timer = setInterval(() => void sample(), SAMPLE_MS);
  await new Promise((resolve) => child.on("close", resolve));
  clearInterval(timer);
  const megabytes = Object.fromEntries(
    Object.entries(kib).map(([key, value]) => [key, Math.round(value / 1024)]),
  );
  return { ...resultSchema.parse(JSON.parse(output)), megabytes };
}

function role(commandLine: string): string {
  if (commandLine.includes("run-policy-pack")) return "policies";
  return commandLine.includes("/cmd/run/") ? "program" : "engine";
}

/** Returns the seconds in which a process loads the modules of the stack's program, and ends. */
async function startSeconds(stack: string): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const begun = performance.now();
    const child = node(
      "--input-type=module",
      "-e",
      START.replace("MODULE", MODULE_OF[stack] ?? "connection/existing"),
    );
    const code = await new Promise((resolve) => child.on("close", resolve));
    if (code !== 0) throw new Error(`the program of ${stack} could not be loaded: exit code ${String(code)}`);
    times.push((performance.now() - begun) / 1000);
  }
  return median(times);
}

/** Returns the config of a stack with `count` services, each with a pinned model. */
function withServices(count: number): string {
  const digest = `sha256:${"0".repeat(64)}`;
  const services = Array.from({ length: count }, (_, i): [string, object] => [
    `service-${i}`,
    { workload: "flight-delays", modelName: "pushback", model: { digest }, replicas: 2 },
  ]);
  const quota = { cpuRequestMillis: count * 1000, memoryMib: count * 4096, pods: count * 5 };
  return JSON.stringify({
    "slipway:environments": JSON.stringify({
      production: { services: Object.fromEntries(services), quota },
    }),
  });
}

function line(name: string, { ok, steps, seconds, megabytes, failed }: Measured, start?: number): string {
  const memory = Object.entries(megabytes).map(([key, value]) => `${key} ${value} MB`);
  const share =
    start === undefined
      ? ""
      : `, starting alone ${start.toFixed(1)} s (${Math.round((100 * start) / seconds)} %)`;
  const verdict = ok ? "" : `  failed: ${JSON.stringify(failed).slice(0, 200)}`;
  return `${name.padEnd(36)} ${String(steps).padStart(6)} resources ${seconds.toFixed(1).padStart(7)} s, ${((1000 * seconds) / steps).toFixed(1)} ms each${share}; ${memory.join(", ")}${verdict}`;
}

for (const name of await stacksOf(root)) {
  const { missing } = await stackNeeds(root, name);
  if (missing.length > 0) {
    console.log(`stack ${name}: left out, it needs ${missing.map(({ path }) => path).join(", ")}`);
    continue;
  }
  const start = await startSeconds(name);
  console.log(line(`stack ${name}`, await measure(name), start));
  console.log(line(`stack ${name}, with policies`, await measure(name, { policies: true })));
}
const folder = await mkdtemp(join(tmpdir(), "slipway-bench-"));
try {
  for (const count of SERVICES) {
    const configFile = join(folder, `${count}.json`);
    await writeFile(configFile, withServices(count));
    console.log(line(`${count} inference services`, await measure(BASE_STACK, { configFile })));
    if (count === SERVICES_WITH_POLICIES)
      console.log(
        line(
          `${count} inference services, with policies`,
          await measure(BASE_STACK, { configFile, policies: true }),
        ),
      );
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
