import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { stackNeeds, stacksOf } from "../cli/preview/stack-needs.ts";

/**
 * How long an offline preview takes and how much memory it needs: of each stack, and of a stack with 10, 100 and 1,000
 * inference services. Each runs in a process of its own; memory is the largest that it and the program together had.
 */
const root = join(import.meta.dirname, "..");
const SERVICES = [10, 100, 1000];
const SAMPLE_MS = 100;
const BASE_STACK = "prod-gcp";

const resultSchema = z.object({
  ok: z.boolean(),
  steps: z.int(),
  seconds: z.number(),
  failed: z.array(z.unknown()),
});

interface Measured extends z.infer<typeof resultSchema> {
  megabytes: number;
}

/** Runs this file again as the process that is measured. */
async function measure(stack: string, configFile?: string): Promise<Measured> {
  const child = spawn(
    process.execPath,
    [
      "--import",
      "tsx",
      import.meta.filename,
      "--one",
      stack,
      ...(configFile === undefined ? [] : [configFile]),
    ],
    { stdio: ["ignore", "pipe", "inherit"], cwd: root },
  );
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => (output += chunk));
  let kilobytes = 0;
  const sample = async (): Promise<void> => {
    if (child.pid !== undefined) kilobytes = Math.max(kilobytes, await residentKilobytes(child.pid));
  };
  const timer = setInterval(() => void sample(), SAMPLE_MS);
  await new Promise((resolve) => child.on("close", resolve));
  clearInterval(timer);
  return { ...resultSchema.parse(JSON.parse(output)), megabytes: Math.round(kilobytes / 1024) };
}

/** Resident memory of a process and of all that it started. */
async function residentKilobytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, "utf8").catch(() => "");
  const own = Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0);
  const below = await Promise.all(
    children
      .split(" ")
      .filter(Boolean)
      .map((child) => residentKilobytes(Number(child))),
  );
  return own + below.reduce((sum, kilobytes) => sum + kilobytes, 0);
}

/** Config of a stack that serves as many models, each pinned. */
function withServices(count: number): string {
  const digest = `sha256:${"0".repeat(64)}`;
  const services = Array.from({ length: count }, (_, i): [string, object] => [
    `service-${i}`,
    { workload: "flight-delays", modelName: "pushback", model: { digest }, replicas: 2 },
  ]);
  return JSON.stringify({
    "slipway:environments": JSON.stringify({ production: { services: Object.fromEntries(services) } }),
  });
}

function line(name: string, { ok, steps, seconds, megabytes, failed }: Measured): string {
  const verdict = ok ? "" : `  failed: ${JSON.stringify(failed).slice(0, 200)}`;
  return `${name.padEnd(28)} ${String(steps).padStart(6)} resources ${seconds.toFixed(1).padStart(7)} s ${String(megabytes).padStart(6)} MB${verdict}`;
}

const [mode, stack = "", configFile] = process.argv.slice(2);
if (mode === "--one") {
  const { planStack } = await import("../cli/preview/plan-stack.ts");
  const config =
    configFile === undefined
      ? undefined
      : z.record(z.string(), z.string()).parse(JSON.parse(await readFile(configFile, "utf8")));
  const summary = await planStack(await stackNeeds(root, stack), {
    projectDir: root,
    backendDir: undefined,
    passphrase: undefined,
    policies: false,
    ...(config === undefined ? {} : { config }),
  });
  const { ok, steps, durationMs, failed } = summary;
  console.log(
    JSON.stringify({ ok, steps: steps.length, seconds: durationMs / 1000, failed: failed.slice(0, 1) }),
  );
} else {
  for (const name of await stacksOf(root)) {
    const { missing } = await stackNeeds(root, name);
    if (missing.length === 0) console.log(line(`stack ${name}`, await measure(name)));
    else console.log(`stack ${name}: left out, it needs ${missing.map(({ path }) => path).join(", ")}`);
  }
  const folder = await mkdtemp(join(tmpdir(), "slipway-bench-"));
  try {
    for (const count of SERVICES) {
      const file = join(folder, `${count}.json`);
      await writeFile(file, withServices(count));
      console.log(line(`${count} inference services`, await measure(BASE_STACK, file)));
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
