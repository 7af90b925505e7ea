import { startMonitor } from "./monitor/server.ts";
import { Deployment } from "./plan/deployment.ts";
import { refreshAll, refreshFirst } from "./plan/refresh.ts";
import { PolicyPacks } from "./policy/policy-packs.ts";
import type { PolicyPackInfo } from "./policy/policy-violation.ts";
import { openSession } from "./session.ts";
import type { EngineOptions } from "./engine-options.ts";
import type { Session } from "./session.ts";
import { startProgram } from "./program.ts";
import type { ResourceState } from "./state/resource-state.ts";
import { decryptDeployment, crypterFor, readDeployment, stackPaths } from "./state/backend.ts";
import type { DeploymentJson } from "./state/backend.ts";
import { maskedSecrets, serializeResource } from "./state/serialize.ts";
import { checkDeclaredConfig } from "./project/declared-config.ts";
import { loadProject } from "./project/project.ts";
import { plainOutputs } from "./summary.ts";
import type { Summary } from "./summary.ts";

const STACK_TYPE = "pulumi:pulumi:Stack";

/** Plans what `up` would do and changes nothing. */
export function preview(options: EngineOptions): Promise<Summary> {
  return withSession(options, "preview", (session) => runProgram(options, session));
}

/** Changes the stack to what the program describes. Failures are in the summary; throws if the run cannot start. */
export function up(options: EngineOptions): Promise<Summary> {
  return withSession(options, "up", (session) => runProgram(options, session));
}

/** Deletes every resource of the stack, in reverse dependency order. The program is not run. */
export function destroy(options: EngineOptions): Promise<Summary> {
  return withSession(options, "destroy", (session) => new Deployment(session.run, session.config).finish());
}

/**
 * Updates the state to the actual resources and removes those that are gone. `Summary.drift` lists the differences.
 * The program is not run. With `previewOnly` the state is not changed.
 */
export function refresh(options: EngineOptions & { previewOnly?: boolean }): Promise<Summary> {
  return withSession(options, "refresh", (session) => refreshAll(session.run));
}

/** Returns the current outputs of the stack; empty if it was never deployed. */
export async function stackOutputs(options: EngineOptions): Promise<Record<string, unknown>> {
  const outputs = (await loadResources(options)).find(({ type }) => type === STACK_TYPE)?.outputs ?? {};
  return plainOutputs(outputs, options.showSecrets ?? false);
}

/** Returns the current resources of the stack in the form of Pulumi's checkpoint, with secrets masked. */
export async function stackResources(
  options: EngineOptions,
): Promise<ReturnType<typeof serializeResource>[]> {
  return (await loadResources(options)).map((state) => serializeResource(state, maskedSecrets));
}

/** Returns what `pulumi stack export` prints and `pulumi stack import` reads; undefined if there is no such stack. */
export async function exportState(
  options: Pick<EngineOptions, "projectDir" | "stack" | "backendDir">,
): Promise<{ version: 3; deployment: DeploymentJson } | undefined> {
  const deployment = await readDeployment(await stateFile(options));
  return deployment && { version: 3, deployment };
}

async function loadResources(options: EngineOptions): Promise<ResourceState[]> {
  const deployment = await readDeployment(await stateFile(options));
  if (!deployment) return [];
  return decryptDeployment(deployment, await crypterFor(deployment, options.passphrase)).resources;
}

async function stateFile(
  options: Pick<EngineOptions, "projectDir" | "stack" | "backendDir">,
): Promise<string> {
  const { name } = await loadProject(options.projectDir);
  return stackPaths(options.backendDir, name, options.stack).stateFile;
}

async function withSession(
  options: EngineOptions & { previewOnly?: boolean },
  action: Summary["action"],
  work: (session: Session) => Promise<void | PolicyPackInfo[]>,
): Promise<Summary> {
  if (options.refresh && options.from)
    throw new Error(
      "refresh: must be false if `from` is given: resources that are only planned cannot be read",
    );
  const started = performance.now();
  const writesNothing = action === "preview" || options.previewOnly === true;
  const session = await openSession({ ...options, env: options.env ?? process.env }, writesNothing);
  options.display?.started(options.previewOnly ? `${action} preview` : action, session.fullName);
  try {
    let packs: PolicyPackInfo[] = [];
    try {
      packs = (await work(session)) ?? [];
    } catch (error) {
      if (!session.run.signal.aborted) throw error;
      session.recorder.fail(
        "interrupted: operations in progress were finished and saved, no other was started",
      );
    } finally {
      await session.run.journal.flush();
    }
    const outputs = session.run.journal.resources().find(({ type }) => type === STACK_TYPE)?.outputs ?? {};
    const showSecrets = options.showSecrets ?? false;
    const durationMs = performance.now() - started;
    const summary = session.recorder.summary({ action, outputs, showSecrets, durationMs, packs });
    if (action === "preview") summary.planned = session.run.journal.resources();
    options.display?.finished(summary);
    return summary;
  } catch (error) {
    // The error of a policy pack, or any other, may quote a secret.
    if (error instanceof Error) error.message = session.mask.text(error.message);
    throw error;
  } finally {
    await session.close();
  }
}

/** Runs the program and returns the policy packs that checked the run. Throws PolicyPackError if one of them failed. */
async function runProgram(options: EngineOptions, session: Session): Promise<PolicyPackInfo[]> {
  const { recorder, config, project, parallel } = session;
  checkDeclaredConfig(project.declaredConfig, config, options.stack);
  if (options.refresh && !(await refreshFirst(session.run))) return [];
  const policies = policyPacks(options, session);
  const run = { ...session.run, ...(policies ? { policies } : {}) };
  const deployment = new Deployment(run, config);
  const server = await startMonitor({ deployment, listener: run.listener, signal: run.signal });
  policies?.start(server.address);
  try {
    const program = startProgram({
      project,
      config,
      parallel,
      stack: options.stack,
      preview: run.preview,
      address: server.address,
      env: options.env ?? process.env,
      onLine: (stream, line) => recorder.log("info", stream === "stderr" ? `stderr: ${line}` : line),
    });
    // A preview has no operation in progress that is to be finished.
    const stop = (): void => void setTimeout(() => program.kill(), run.preview ? 0 : 1000).unref();
    run.signal.addEventListener("abort", stop, { once: true });
    const code = await program.exit;
    await deployment.settled();
    run.signal.throwIfAborted();
    if (code !== 0) {
      policies?.throwIfBroken();
      recorder.programFailed(code);
      return [];
    }
    await deployment.finish();
    if (!deployment.hasFailed) await policies?.analyzeStack(deployment.states());
    policies?.throwIfBroken();
    return (await policies?.info()) ?? [];
  } finally {
    await policies?.close();
    await server.close();
  }
}

function policyPacks(
  { policyPacks: packs = [], stack, env = process.env }: EngineOptions,
  { run, recorder, config, project }: Session,
): PolicyPacks | undefined {
  if (packs.length === 0) return undefined;
  return new PolicyPacks(packs, {
    organization: "organization",
    project: project.name,
    stack,
    preview: run.preview,
    config: config.values,
    env,
    signal: run.signal,
    onLine: (line) => recorder.log("info", `policy pack: ${line}`),
    onViolation: (violation) => recorder.policyViolation(violation),
  });
}
