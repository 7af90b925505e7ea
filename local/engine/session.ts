import { setMaxListeners } from "node:events";
import { decryptDeployment, crypterFor, ensureBackend, readDeployment, stackPaths } from "./state/backend.ts";
import { currentStateFile } from "./state/state-file.ts";
import { removeLeftovers } from "./state/durable-write.ts";
import { takeLock } from "./state/lock.ts";
import { Journal } from "./state/journal.ts";
import { encryptedSecrets } from "./state/serialize.ts";
import { openCrypter } from "./state/passphrase.ts";
import type { Crypter } from "./state/passphrase.ts";
import { loadProject } from "./project/project.ts";
import type { Project } from "./project/project.ts";
import { hasSecrets, loadStackFile, resolveConfig } from "./project/stack-config.ts";
import type { StackConfig, StackFile } from "./project/stack-config.ts";
import { readAutonaming } from "./plan/autonaming.ts";
import { newLimiter } from "./plan/limiter.ts";
import { ProviderRegistry } from "./plan/provider-registry.ts";
import type { RunContext } from "./plan/run-context.ts";
import { builtinProviders } from "./providers/builtin.ts";
import { stackReferenceProvider } from "./providers/stack-reference.ts";
import { SecretMask } from "./secret-mask.ts";
import { Recorder } from "./summary.ts";
import type { EngineOptions } from "./engine-options.ts";

const DEFAULT_PARALLEL = 16;

/** The crypter of a run that neither decrypts a secret nor writes the state. */
const NO_CRYPTER: Crypter = { salt: "", encrypt: () => "", decrypt: () => "" };

/** An open stack: its state and config are loaded, and it is locked unless the run is a preview. */
export interface Session {
  run: RunContext;
  recorder: Recorder;
  /** Hides the secrets of the config. */
  mask: SecretMask;
  project: Project;
  config: StackConfig;
  parallel: number;
  fullName: string;
  close(): Promise<void>;
}

/** Opens a stack. Throws if the project or its config is invalid, the passphrase is wrong or the stack is locked. */
export async function openSession(options: EngineOptions, preview: boolean): Promise<Session> {
  const { projectDir, stack, backendDir, passphrase, parallel = DEFAULT_PARALLEL } = options;
  const project = await loadProject(projectDir);
  const paths = stackPaths(backendDir, project.name, stack);
  const recorder = new Recorder(options.display);
  if (!preview) await ensureBackend(paths.metaFile);
  const lock = preview
    ? undefined
    : await takeLock(paths.lockFolder, (message) => recorder.log("warning", message));
  try {
    const stateFile = await currentStateFile(paths.stateFile);
    if (lock) await removeLeftovers(stateFile);
    const { from } = options;
    const deployment = from ? undefined : await readDeployment(paths.stateFile);
    const stackFile = await loadStackFile(project, stack);
    // Deriving a key takes half a second: it is left out if nothing has to be encrypted or decrypted.
    const needsCrypter = !preview || deployment !== undefined || hasSecrets(stackFile.config);
    const crypter = needsCrypter ? await crypterFor(deployment, passphrase, stackFile.salt) : NO_CRYPTER;
    const configCrypter = await crypterForConfig(stackFile, passphrase, crypter);
    const config = resolveConfig(project, stackFile, options.config ?? {}, (text) =>
      configCrypter.decrypt(text),
    );
    const mask = new SecretMask(config.secretTexts);
    recorder.hide(mask);
    const { resources, pending, ciphertexts } = decryptDeployment(deployment, crypter);
    const journal = new Journal(
      {
        ...(preview ? {} : { file: stateFile }),
        fullName: paths.fullName,
        salt: crypter.salt,
        secrets: encryptedSecrets(crypter, ciphertexts),
        ...(options.onWrite ? { onWrite: options.onWrite } : {}),
      },
      from?.map((state) => ({ ...state })) ?? resources,
      pending,
    );
    const plansUnreachable = preview && options.unreachableClusters === "plan";
    const onUnreachable = (reason: string): void =>
      recorder.log("warning", `planned without the cluster, so not checked against it: ${reason}`);
    const plansAbsent = preview && options.absentStacks === "plan";
    const onAbsent = (name: string): void =>
      recorder.log("warning", `stack ${name} is not deployed: planned with unknown outputs`);
    const builtin = builtinProviders({
      env: options.env ?? {},
      takeBack: options.takeBack ?? false,
      onUnreachable: plansUnreachable ? onUnreachable : undefined,
    });
    const factory = (name: string, version: string | undefined) =>
      name === "pulumi"
        ? stackReferenceProvider({
            backendDir,
            project: project.name,
            passphrase,
            onAbsent: plansAbsent ? onAbsent : undefined,
          })
        : (options.providers?.(name, version) ?? builtin(name, version));
    const registry = new ProviderRegistry(factory, preview);
    const signal = options.signal ?? new AbortController().signal;
    setMaxListeners(0, signal); // every operation in progress adds a listener
    const namer = readAutonaming(config.values);
    const run: RunContext = {
      stack,
      project: project.name,
      preview,
      comparing: from !== undefined,
      plansUnread: plansUnreachable,
      journal,
      registry,
      listener: recorder,
      signal,
      seedKey: `${paths.fullName} ${stackFile.salt ?? ""}`,
      limit: newLimiter(parallel),
      mask,
      ...(namer ? { namer } : {}),
    };
    const close = (): Promise<void> => registry.close().finally(() => lock?.release());
    return { run, recorder, mask, project, config, parallel, fullName: paths.fullName, close };
  } catch (error) {
    await lock?.release();
    throw error;
  }
}

/** Returns the crypter for Pulumi.STACK.yaml. The file has its own salt, which may differ from the salt of the state. */
async function crypterForConfig(
  file: StackFile,
  passphrase: string,
  stateCrypter: Crypter,
): Promise<Crypter> {
  if (!hasSecrets(file.config) || file.salt === stateCrypter.salt) return stateCrypter;
  if (file.salt === undefined)
    throw new Error("config has secrets, but the stack's file lacks encryptionsalt");
  return openCrypter(passphrase, file.salt);
}
