import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { chown, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { runCommand } from "../../../../local/run-command.ts";

/** User that servers run as: PostgreSQL refuses root. */
const NOBODY = 65_534;

export const credentials = { username: "reader", password: 'pass\'word "for" this test' };
/** Superuser of a test's server. */
export const ADMIN = { user: "admin", password: "for-this-test-only" };

/** Returns what makes a program run as a user without rights. */
function withoutRights(): { uid?: number; gid?: number } {
  return process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
}

/** Runs a command in the folder of a server, as the user of the server. */
export async function runAsServer(folder: string, command: readonly string[]): Promise<void> {
  const { uid } = withoutRights();
  const user = uid === undefined ? [] : ["setpriv", `--reuid=${uid}`, `--regid=${uid}`, "--clear-groups"];
  const [program = "", ...args] = [...user, ...command];
  await runCommand(program, args, { cwd: folder });
}

/** Makes a folder that belongs to the user of the server. */
export async function serverFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "slipway-database-"));
  if (process.getuid?.() === 0) await chown(folder, NOBODY, NOBODY);
  return folder;
}

/** Writes `server.key` and `server.crt`, self-signed for `localhost`, to a folder of a server. */
export async function writeCertificate(folder: string): Promise<void> {
  const [key, certificate] = [join(folder, "server.key"), join(folder, "server.crt")];
  const subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"];
  await runCommand("openssl", [
    "req",
    "-x509",
    "-newkey",
    "rsa:2048",
    "-nodes",
    "-days",
    "2",
    "-keyout",
    key,
    "-out",
    certificate,
    ...subject,
  ]);
  if (process.getuid?.() === 0) for (const file of [key, certificate]) await chown(file, NOBODY, NOBODY);
}

export interface ServerProcess {
  /** kill -9 of the server and its children. */
  kill(): Promise<void>;
  start(): Promise<void>;
  /** Kills it and removes its folder. */
  close(): Promise<void>;
}

/** Starts a server as a user without rights, and waits until it answers. */
export async function serverProcess(
  [program = "", ...flags]: readonly string[],
  { folder, answers }: { folder: string; answers: () => Promise<unknown> },
): Promise<ServerProcess> {
  let child: ChildProcess;
  const server: ServerProcess = {
    async start() {
      child = spawn(program, flags, {
        ...withoutRights(),
        cwd: folder,
        detached: true,
        stdio: ["ignore", "ignore", "pipe"],
      });
      let said = "";
      child.stderr?.on("data", (text: Buffer) => (said = (said + text.toString()).slice(-2000)));
      await once(child, "spawn");
      for (let tries = 0; ; tries++) {
        const error = await answers().then(
          () => undefined,
          (reason: unknown) => reason,
        );
        if (error === undefined) return;
        if (child.exitCode !== null || tries === 300)
          throw new Error(`${program} did not answer: ${said}`, { cause: error });
        await sleep(100);
      }
    },
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, "exit");
      process.kill(-(child.pid ?? 0), "SIGKILL");
      await exited;
    },
    async close() {
      await server.kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
  try {
    await server.start();
  } catch (error) {
    await server.close();
    throw error;
  }
  return server;
}
