import { randomBytes } from "node:crypto";
import { readdirSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { lineProgress } from "../../local/progress.ts";
import { runCommand } from "../../local/run-command.ts";
import { startTestCluster, type TestCluster } from "../e2e/local-cluster.ts";
import type { Case } from "./case.ts";
import type { Outcome } from "./outcome.ts";
import { realPulumi } from "./real-pulumi/real-pulumi.ts";
import { runCli } from "./run-cli.ts";
import { runEngine } from "./run-engine.ts";
import { copyProject, type Run } from "./run.ts";

const only = process.env["CONFORMANCE_CASES"]?.split(",");
const cases = readdirSync(path.join(import.meta.dirname, "cases"))
  .map((file) => file.replace(/\.ts$/, ""))
  .filter((name) => only === undefined || only.includes(name));

let testCluster: TestCluster;
let folder: string;
let projectDir: string;
let cliEnv: NodeJS.ProcessEnv;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "slipway-conformance-"));
  projectDir = await copyProject(folder);
  cliEnv = await realPulumi(lineProgress(), path.join(folder, "bin"));
  testCluster = await startTestCluster();
});

afterAll(async () => {
  await testCluster.stop();
  await rm(folder, { recursive: true, force: true });
});

const kubectl = (...args: string[]): Promise<string> =>
  runCommand(testCluster.cluster.kubectl, ["--kubeconfig", testCluster.cluster.kubeconfig, ...args]);

describe.each(cases)("%s: the offline engine and the pulumi CLI", async (name) => {
  const { default: each } = (await import(`./cases/${name}.ts`)) as { default: Case };

  it(each.title, async () => {
    const runs = {
      engine: await conduct(name, each, "e", runEngine),
      cli: await conduct(name, each, "c", (run) => runCli(run, cliEnv)),
    };
    runs.cli.forEach((cli, index) => {
      const engine = runs.engine[index];
      const shown = { engine: engine?.messages, cli: cli.messages };
      const { messages: _cli, ...expected } = cli;
      const { messages: _engine, ...found } = engine ?? { messages: [] };
      expect(found, `step ${index + 1}: ${JSON.stringify(shown, null, 2)}`).toEqual(expected);
    });
  });
});

/** Runs all steps of a case with one engine, in a namespace of its own; the outcome of each step and what was left. */
async function conduct(
  name: string,
  { steps }: Case,
  engine: string,
  runStep: (run: Run) => Promise<Outcome>,
): Promise<(Outcome & { left?: string })[]> {
  const namespace = `conformance-${engine}-${randomBytes(3).toString("hex")}`;
  await kubectl("create", "namespace", namespace);
  const outcomes: (Outcome & { left?: string })[] = [];
  try {
    for (const [index, step] of [...steps, { run: "destroy" as const }].entries()) {
      for (const args of "kubectl" in step ? (step.kubectl ?? []) : [])
        await kubectl("-n", namespace, ...args);
      const config = {
        ...("config" in step ? step.config : {}),
        case: name,
        step: String(index + 1),
        namespace,
      };
      const outcome = await runStep({
        operation: step.run,
        config,
        projectDir,
        folder: path.join(folder, name),
        kubeconfig: testCluster.cluster.kubeconfig,
        namespace,
        parallel: 4,
      });
      outcomes.push(outcome);
    }
    const kinds = "configmaps,secrets,deployments,services,jobs,persistentvolumeclaims,serviceaccounts";
    const left = await kubectl("-n", namespace, "get", kinds, "-o", "name");
    outcomes.at(-1)!.left = left;
  } finally {
    await kubectl("delete", "namespace", namespace, "--wait=false");
  }
  return outcomes;
}
