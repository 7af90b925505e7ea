import { execFile } from "node:child_process";
import { mkdir, readFile, rm } from "node:fs/promises";
import path from "node:path";
import { isDefaultProvider } from "../../local/engine/urn.ts";
import type { Outcome, SeenStep, StateResource } from "./outcome.ts";
import { PASSPHRASE, PROJECT, STACK, type Run } from "./run.ts";

const FULL_STACK = `organization/${PROJECT}/${STACK}`;

/** Runs one operation with the real pulumi CLI, whose folder is on the PATH of `env`. */
export async function runCli(run: Run, env: NodeJS.ProcessEnv): Promise<Outcome> {
  await mkdir(run.backendDir, { recursive: true });
  const folder = path.join(run.folder, "cli-files");
  await mkdir(folder, { recursive: true });
  const events = path.join(folder, "events");
  const pulumi = (...args: string[]): Promise<Ended> =>
    execute(["--non-interactive", "--color", "never", "--cwd", run.projectDir, ...args], {
      ...env,
      KUBECONFIG: run.kubeconfig,
      PULUMI_HOME: path.join(folder, "home"),
      PULUMI_BACKEND_URL: `file://${run.backendDir}`,
      PULUMI_CONFIG_PASSPHRASE: PASSPHRASE,
    });
  const mustPulumi = async (...args: string[]): Promise<Ended> => {
    const ended = await pulumi(...args);
    if (ended.code !== 0) throw new Error(`pulumi ${args.join(" ")} failed:\n${ended.text}`);
    return ended;
  };
  const exported = async (): Promise<StateResource[]> => {
    const { out } = await mustPulumi("stack", "export", "--show-secrets", "--stack", FULL_STACK);
    return (JSON.parse(out) as { deployment: { resources?: StateResource[] } }).deployment.resources ?? [];
  };
  await mustPulumi("stack", "select", "--create", FULL_STACK);
  const before = await exported();
  await rm(events, { force: true });
  const { code, text } = await pulumi(
    run.operation,
    "--stack",
    FULL_STACK,
    "--parallel",
    String(run.parallel),
    "--event-log",
    events,
    ...(run.operation === "preview" ? [] : ["--yes", "--skip-preview"]),
  );
  const log = await readFile(events, "utf8").catch(() => "");
  return {
    ok: code === 0,
    ...seen(log, run.operation === "preview"),
    before,
    after: await exported(),
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

interface StepMetadata {
  op: string;
  urn: string;
  type: string;
  new?: { outputs?: Record<string, unknown> } | null;
  detailedDiff?: Record<string, { diffKind: string }> | null;
}

interface EngineEvent {
  resourcePreEvent?: { metadata: StepMetadata };
  resOutputsEvent?: { metadata: StepMetadata };
  resOpFailedEvent?: { metadata: StepMetadata };
  diagnosticEvent?: { urn?: string; severity: string };
}

function seen(log: string, preview: boolean): Pick<Outcome, "steps" | "failed" | "previewOutputs"> {
  const steps: SeenStep[] = [];
  const failed = new Set<string>();
  let previewOutputs: Record<string, unknown> = {};
  const events = log
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as EngineEvent);
  for (const [now, event] of events.entries()) {
    const { resourcePreEvent, resOutputsEvent, resOpFailedEvent, diagnosticEvent } = event;
    if (resourcePreEvent) {
      const { op, urn, detailedDiff } = resourcePreEvent.metadata;
      const diff = detailedDiff && { diff: kindsOf(detailedDiff) };
      steps.push({ op, urn, started: now, ...diff });
    }
    if (resOutputsEvent) {
      const { op, urn, type, new: state } = resOutputsEvent.metadata;
      const step = steps.find((each) => each.op === op && each.urn === urn);
      if (step) step.ended = now;
      if (type === "pulumi:pulumi:Stack") previewOutputs = state?.outputs ?? {};
    }
    if (resOpFailedEvent) failed.add(resOpFailedEvent.metadata.urn);
    // What was refused before its step began has only a message.
    if (diagnosticEvent?.severity === "error") failed.add(diagnosticEvent.urn ?? "");
  }
  return {
    steps: steps.filter(
      ({ urn, ended }) => !isDefaultProvider(urn) && !(failed.has(urn) && ended === undefined),
    ),
    failed: [...failed].filter((urn) => urn !== "" && !urn.includes("::pulumi:pulumi:Stack::")),
    ...(preview ? { previewOutputs } : {}),
  };
}

function kindsOf(diff: Record<string, { diffKind: string }>): Record<string, string> {
  return Object.fromEntries(Object.entries(diff).map(([path, { diffKind }]) => [path, diffKind]));
}
