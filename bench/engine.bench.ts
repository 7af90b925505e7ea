import { randomBytes } from "node:crypto";
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { runCommand } from "../local/run-command.ts";
import { findGoTool } from "../local/tools/go-tool.ts";
import type { Conditions } from "../test/conformance/conduct.ts";
import { copyProject, PASSPHRASE, PROJECT, STACK, writeStackConfig } from "../test/conformance/run.ts";
import { openWorld, type World } from "../test/conformance/world.ts";
import { median } from "./median.ts";

/**
 * Measures the offline engine beside the pulumi CLI: the same program of ConfigMaps on the same cluster, each in a namespace of its
 * own, every operation in new processes, one engine after the other. `ENGINE_BENCH_SIZES=5,50` picks the numbers of resources.
 */
const SIZES = (process.env["ENGINE_BENCH_SIZES"] ?? "5,50,500").split(",").map(Number);
/** From this number of resources on, each is measured once. */
const LARGE = 500;
const ROUNDS = 3;
const PARALLEL = 16;
const PROGRAM = path.join(import.meta.dirname, "config-maps-program.ts");
const OPERATIONS = [
  { title: "preview, nothing there", operation: "preview" },
  { title: "first up", operation: "up" },
  { title: "up, no change", operation: "up" },
  { title: "destroy", operation: "destroy" },
] as const;
type Operation = (typeof OPERATIONS)[number]["operation"];

/** One engine with a stack of its own. */
interface Contestant {
  name: "engine" | "CLI";
  run: (operation: Operation) => Promise<unknown>;
  close: () => Promise<unknown>;
}

async function contestant(name: Contestant["name"], world: World, count: number): Promise<Contestant> {
  const conditions = world.conditions(`${count}-${randomBytes(2).toString("hex")}`, name);
  const namespace = `bench-${randomBytes(4).toString("hex")}`;
  const projectDir = await copyProject(conditions.folder, PROGRAM);
  await conditions.kubectl("create", "namespace", namespace);
  await writeStackConfig(projectDir, { namespace, count: String(count) }, {});
  const backendDir = path.join(conditions.folder, "backend");
  await mkdir(backendDir);
  const run = name === "engine" ? engine : await cli(world, conditions, projectDir, backendDir);
  function engine(operation: Operation): Promise<unknown> {
    const program = path.join(import.meta.dirname, "engine-once.ts");
    return runCommand(
      process.execPath,
      ["--import", "tsx", program, operation, projectDir, backendDir, String(PARALLEL)],
      { env: { KUBECONFIG: conditions.kubeconfig } },
    );
  }
  return { name, run, close: () => conditions.kubectl("delete", "namespace", namespace, "--wait=false") };
}

async function cli(
  world: World,
  { folder, kubeconfig }: Conditions,
  projectDir: string,
  backendDir: string,
): Promise<Contestant["run"]> {
  const env = {
    ...Object.fromEntries(Object.entries(world.cliEnv).map(([key, value = ""]) => [key, value])),
    KUBECONFIG: kubeconfig,
    PULUMI_HOME: path.join(folder, "home"),
    PULUMI_BACKEND_URL: `file://${backendDir}`,
    PULUMI_CONFIG_PASSPHRASE: PASSPHRASE,
  };
  const pulumi = (...args: string[]): Promise<unknown> =>
    runCommand("pulumi", ["--non-interactive", "--cwd", projectDir, ...args], { env });
  await pulumi("stack", "select", "--create", `organization/${PROJECT}/${STACK}`);
  return (operation) =>
    pulumi(
      operation,
      "--parallel",
      String(PARALLEL),
      ...(operation === "preview" ? [] : ["--yes", "--skip-preview"]),
    );
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return (performance.now() - begun) / 1000;
}

/** Prints a row of a Markdown table for each operation on a number of resources. */
async function measure(world: World, count: number): Promise<void> {
  const times: Record<Contestant["name"], number[][]> = { engine: [], CLI: [] };
  for (let round = 0; round < (count >= LARGE ? 1 : ROUNDS); round++) {
    const both = [await contestant("engine", world, count), await contestant("CLI", world, count)];
    if (round % 2 === 1) both.reverse(); // neither always goes first
    for (const [index, { operation }] of OPERATIONS.entries())
      for (const { name, run } of both) (times[name][index] ??= []).push(await seconds(() => run(operation)));
    for (const { close } of both) await close();
  }
  for (const [index, { title }] of OPERATIONS.entries()) {
    const [engine, cli] = [median(times.engine[index] ?? []), median(times.CLI[index] ?? [])];
    console.log(
      `| ${count} | ${title} | ${engine.toFixed(1)} | ${cli.toFixed(1)} | ${(cli / engine).toFixed(2)} |`,
    );
  }
}

const built = await Promise.all([findGoTool("pulumi"), findGoTool("pulumi-kubernetes")]);
if (built.every(Boolean)) {
  const world = await openWorld();
  console.log(
    "| resources | operation | engine, s | CLI, s | CLI / engine |\n| --- | --- | --- | --- | --- |",
  );
  try {
    for (const count of SIZES) await measure(world, count);
  } finally {
    await world.close();
  }
} else console.log("left out: npm run test:conformance builds the pulumi CLI first");
