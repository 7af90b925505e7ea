import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll } from "vitest";
import { Deployment } from "../../../local/engine/plan/deployment.ts";
import { newGoal } from "../../../local/engine/plan/goal.ts";
import type { Goal, Registered } from "../../../local/engine/plan/goal.ts";
import { newLimiter } from "../../../local/engine/plan/limiter.ts";
import { ProviderRegistry } from "../../../local/engine/plan/provider-registry.ts";
import type { RunContext } from "../../../local/engine/plan/run-context.ts";
import { refreshAll, refreshFirst } from "../../../local/engine/plan/refresh.ts";
import type { Audience } from "../../../local/engine/plan/step.ts";
import type { StackConfig } from "../../../local/engine/project/stack-config.ts";
import type { ProviderFactory } from "../../../local/engine/provider.ts";
import { decryptDeployment, readDeployment } from "../../../local/engine/state/backend.ts";
import { Journal } from "../../../local/engine/state/journal.ts";
import type { Crypter } from "../../../local/engine/state/passphrase.ts";
import { currentStateFile } from "../../../local/engine/state/state-file.ts";
import type { ResourceState } from "../../../local/engine/state/resource-state.ts";
import { encryptedSecrets } from "../../../local/engine/state/serialize.ts";
import { Recorder } from "../../../local/engine/summary.ts";
import type { Summary } from "../../../local/engine/summary.ts";
import type { World } from "./world.ts";

/** Stands in for the passphrase crypter, whose key takes half a second to derive. */
export const plainCrypter: Crypter = {
  salt: "v1:plain",
  encrypt: (text) => `v1:${Buffer.from(text).toString("base64")}`,
  decrypt: (text) => Buffer.from(text.slice(3), "base64").toString("utf8"),
};

export interface Script {
  stack: (outputs?: Goal["inputs"]) => void;
  /** Registers `world:index:Thing` unless the goal says otherwise. */
  add: (name: string, goal?: Partial<Goal>) => Promise<Registered>;
  /** Reads a `world:index:Thing` that something else manages. */
  read: (name: string, id: string) => Promise<Registered>;
}

export interface ScriptedOptions {
  stateFile: string;
  world: World;
  preview?: boolean;
  /** Reads every resource first. */
  refresh?: boolean;
  plansUnread?: boolean;
  signal?: AbortSignal;
  parallel?: number;
  config?: StackConfig;
  /** Called with the operation of each failed step. */
  onFailed?: (op: string) => void;
  onWrite?: (moment: "before" | "after") => void;
}

export const STACK = "urn:pulumi:dev::scripted::pulumi:pulumi:Stack::scripted-dev";

/** The urn of a thing directly below the stack. */
export function thing(name: string): string {
  return `urn:pulumi:dev::scripted::world:index:Thing::${name}`;
}

const folders: string[] = [];
// Where each test file has this module for itself. The others share it, and leave their folders to the end of the run.
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A folder that goes when the test file, or the whole run, has ended. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), "engine-test-"));
  folders.push(folder);
  return folder;
}

/** Runs a program that is a function in this process, on the engine without its wire. */
export async function scriptedUp(
  options: ScriptedOptions,
  program: (script: Script) => Promise<void>,
): Promise<Summary> {
  return run(options, "up", async (context) => {
    if (options.refresh && !(await refreshFirst(context))) return;
    const config = options.config ?? { values: {}, secretKeys: [], secretTexts: [] };
    const deployment = new Deployment(context, config);
    await deployment.register(newGoal("pulumi:pulumi:Stack", "scripted-dev", { custom: false }));
    await program({
      stack: (outputs = {}) => deployment.registerOutputs(STACK, outputs),
      add: (name, goal = {}) => {
        const { type = "world:index:Thing", parent = STACK } = goal;
        return deployment.register(newGoal(type, name, { ...goal, parent }));
      },
      read: (name, id) =>
        deployment.read({
          type: "world:index:Thing",
          name,
          id,
          parent: STACK,
          inputs: {},
          dependencies: [],
          additionalSecretOutputs: [],
        }),
    });
    await deployment.settled();
    await deployment.finish();
  });
}

export function scriptedDestroy(options: ScriptedOptions): Promise<Summary> {
  return run(options, "destroy", (context) =>
    new Deployment(context, { values: {}, secretKeys: [], secretTexts: [] }).finish(),
  );
}

export function scriptedRefresh(options: ScriptedOptions): Promise<Summary> {
  return run(options, "refresh", refreshAll);
}

export async function readState(stateFile: string): Promise<ResourceState[]> {
  return decryptDeployment(await readDeployment(stateFile), plainCrypter).resources;
}

async function run(
  options: ScriptedOptions,
  action: Summary["action"],
  work: (context: RunContext) => Promise<void>,
): Promise<Summary> {
  const { stateFile, world, preview = false, parallel = 16, onWrite } = options;
  const state = decryptDeployment(await readDeployment(stateFile), plainCrypter);
  const recorder = new Recorder(watching(options.onFailed));
  const providers: ProviderFactory = (name) =>
    name === "world" || name === "other" ? world.provider() : undefined;
  const journal = new Journal(
    {
      ...(preview ? {} : { file: await currentStateFile(stateFile) }),
      fullName: "organization/scripted/dev",
      salt: plainCrypter.salt,
      secrets: encryptedSecrets(plainCrypter, state.ciphertexts),
      ...(onWrite ? { onWrite } : {}),
    },
    state.resources,
    state.pending,
  );
  const context: RunContext = {
    stack: "dev",
    project: "scripted",
    preview,
    plansUnread: options.plansUnread ?? false,
    journal,
    registry: new ProviderRegistry(providers, preview),
    listener: recorder,
    signal: options.signal ?? new AbortController().signal,
    seedKey: "test",
    limit: newLimiter(parallel),
  };
  await work(context).finally(() => journal.flush());
  const outputs = journal.resources().find(({ type }) => type === "pulumi:pulumi:Stack")?.outputs ?? {};
  return recorder.summary({ action, outputs, showSecrets: false, durationMs: 0 });
}

function watching(onFailed: ScriptedOptions["onFailed"]): Audience {
  const nothing = (): void => undefined;
  return {
    stepStarted: nothing,
    stepDone: nothing,
    stepFailed: ({ op }) => onFailed?.(op),
    skipped: nothing,
    status: nothing,
    log: nothing,
  };
}
