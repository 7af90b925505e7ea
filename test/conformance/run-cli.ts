import { execFile } from "node:child_process";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { PASSPHRASE, PROJECT, STACK, fullKeys, type Run } from "./run.ts";
import { comparableState, type Outcome } from "./outcome.ts";
import { isDefaultProvider } from "../../local/engine/urn.ts";
import { stepName } from "./run-engine.ts";

const FULL_STACK = `organization/${PROJECT}/${STACK}`;

/** Runs one operation with the real pulumi CLI, whose folder is on the PATH of `env`. */
export async function runCli(run: Run, env: NodeJS.ProcessEnv): Promise<Outcome> {
  const folder = path.join(run.folder, "cli");
  await mkdir(folder, { recursive: true });
  const file = (name: string): string => path.join(folder, name);
  const pulumi = (...args: string[]): Promise<Ended> =>
    execute(["--non-interactive", "--color", "never", "--cwd", run.projectDir, ...args], {
      ...env,
      KUBECONFIG: run.kubeconfig,
      PULUMI_HOME: file("home"),
      PULUMI_BACKEND_URL: `file://${folder}`,
      PULUMI_CONFIG_PASSPHRASE: PASSPHRASE,
    });
  const made = await pulumi("stack", "select", "--create", FULL_STACK);
  if (made.code !== 0) throw new Error(`pulumi stack select failed:\n${made.text}`);
  const config = Object.entries(fullKeys(run.config)).map(([key, value]) =>
    // JSON is YAML: an object is one there, as a person would write it.
    value.startsWith("{") ? `  ${key}: ${value}\n` : `  ${key}: ${JSON.stringify(value)}\n`,
  );
  await writeFile(file("config.yaml"), `config:\n${config.join("")}`);
  await rm(file("events"), { force: true });
  const { code, text } = await pulumi(
    run.operation,
    "--stack",
    FULL_STACK,
    "--config-file",
    file("config.yaml"),
    "--parallel",
    String(run.parallel),
    "--event-log",
    file("events"),
    ...(run.operation === "preview" ? [] : ["--yes", "--skip-preview"]),
  );
  const events = await readFile(file("events"), "utf8").catch(() => "");
  const exported = await pulumi("stack", "export", "--stack", FULL_STACK);
  const { deployment } = JSON.parse(exported.out) as { deployment: { resources?: unknown[] } };
  return {
    ok: code === 0,
    ...stepsOf(events),
    state: comparableState((deployment.resources ?? []) as never, { namespace: run.namespace }),
    messages: code === 0 ? [] : [text],
  };
}

interface Ended {
  code: number;
  out: string;
  /** Both streams. */
  text: string;
}

function execute(args: string[], env: NodeJS.ProcessEnv): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const options = { env, maxBuffer: 64 * 1024 * 1024, timeout: 600_000 };
    execFile("pulumi", args, options, (error, stdout, stderr) => {
      if (error !== null && typeof error.code !== "number")
        reject(new Error(`pulumi ${args.join(" ")} did not end`, { cause: error }));
      else resolve({ code: Number(error?.code ?? 0), out: stdout, text: stdout + stderr });
    });
  });
}

interface EngineEvent {
  resourcePreEvent?: { metadata: StepMetadata };
}

interface StepMetadata {
  op: string;
  urn: string;
  detailedDiff?: Record<string, unknown> | null;
  diffs?: string[] | null;
}

function stepsOf(events: string): Pick<Outcome, "steps" | "diffs"> {
  const steps = events
    .split("\n")
    .filter((line) => line !== "")
    .flatMap((line) => (JSON.parse(line) as EngineEvent).resourcePreEvent ?? [])
    .map(({ metadata }) => metadata)
    .filter(({ urn }) => !isDefaultProvider(urn));
  return {
    steps: steps.map(({ op, urn }) => stepName(op, urn)).sort(),
    diffs: Object.fromEntries(
      steps
        .filter(({ op, detailedDiff }) => op !== "same" && detailedDiff)
        .map(({ op, urn, detailedDiff }) => [stepName(op, urn), Object.keys(detailedDiff ?? {}).sort()]),
    ),
  };
}
