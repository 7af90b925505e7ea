import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { openSync } from "node:fs";
import { mkdir, readFile, rmdir, writeFile } from "node:fs/promises";
import { request, type RequestOptions } from "node:http";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { hasDockerDaemon } from "../../../../stacks/config/docker-daemon.ts";

export interface DockerDaemon {
  /** Environment that leads clients to this daemon. */
  env: { DOCKER_HOST: string };
  /** Calls the daemon's API and returns the body. Throws on a status of 400 or more. */
  call(method: string, path: string, options?: CallOptions): Promise<string>;
  stop(): Promise<void>;
}

/** Folders that are fixed in containerd, whatever its state folder is; other containerds of the machine use them too. */
const FIXED_FOLDERS = ["/run/containerd/s", "/run/containerd"];

export interface CallOptions {
  json?: unknown;
  /** A stream that is sent as a tar archive. */
  tar?: Readable;
  headers?: Record<string, string>;
}

/**
 * Starts a Docker daemon and a containerd of its own, with all their files in `folder`. They change no network settings, and never
 * touch the containerd of a local cluster or of the machine.
 */
export async function startDockerDaemon(folder: string): Promise<DockerDaemon> {
  const at = (name: string): string => join(folder, name);
  await mkdir(folder, { recursive: true });
  await writeFile(at("daemon.json"), "{}"); // else dockerd reads the settings of the machine
  const programs: ChildProcess[] = [];
  const run = (program: string, args: readonly string[]): void => {
    const log = openSync(at(`${program}.log`), "w");
    programs.push(spawn(program, args, { stdio: ["ignore", log, log] }));
  };
  run("containerd", [
    ...["--config", "/dev/null", "--root", at("containerd"), "--state", at("containerd-state")],
    ...["--address", at("containerd.sock")],
  ]);
  run("dockerd", [
    ...[
      "--config-file",
      at("daemon.json"),
      "--containerd",
      at("containerd.sock"),
      "--host",
      `unix://${at("sock")}`,
    ],
    ...["--data-root", at("data"), "--exec-root", at("exec"), "--pidfile", at("dockerd.pid")],
    ...["--bridge=none", "--iptables=false", "--ip6tables=false", "--ip-forward=false", "--ip-masq=false"],
  ]);
  const env = { DOCKER_HOST: `unix://${at("sock")}` };
  const stop = async (): Promise<void> => {
    for (const program of programs.toReversed()) await end(program); // dockerd needs containerd until its end
    for (const folder of FIXED_FOLDERS) await rmdir(folder).catch(() => undefined); // one that is in use stays
  };
  for (let attempt = 0; !(await hasDockerDaemon(env)); attempt++) {
    if (attempt > 300 || programs.some(({ exitCode }) => exitCode !== null)) {
      await stop();
      throw new Error(`dockerd must answer within 30 s:\n${await readFile(at("dockerd.log"), "utf8")}`);
    }
    await sleep(100);
  }
  const socket = { socketPath: at("sock") };
  return { env, call: (method, path, options) => call({ ...socket, method, path }, options), stop };
}

async function end(program: ChildProcess): Promise<void> {
  if (program.exitCode !== null || program.signalCode !== null) return;
  const ended = once(program, "exit");
  program.kill("SIGTERM");
  const timer = setTimeout(() => program.kill("SIGKILL"), 20_000);
  await ended;
  clearTimeout(timer);
}

function call(options: RequestOptions, { json, tar, headers = {} }: CallOptions = {}): Promise<string> {
  const type = tar === undefined ? "application/json" : "application/x-tar";
  return new Promise((resolve, reject) => {
    const sent = request({ ...options, headers: { "content-type": type, ...headers } }, (response) => {
      let body = "";
      response.setEncoding("utf8").on("data", (chunk: string) => (body += chunk));
      response.on("error", reject).on("end", () => {
        const { statusCode = 500 } = response;
        if (statusCode < 400) return resolve(body);
        reject(new Error(`${options.method} ${options.path}: ${statusCode} ${body.trim()}`));
      });
    });
    sent.on("error", reject);
    if (tar !== undefined) tar.on("error", reject).pipe(sent);
    else sent.end(json === undefined ? "" : JSON.stringify(json));
  });
}
