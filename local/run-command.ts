import { spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";

export interface RunOptions {
  cwd?: string;
  /** Added to the environment of this process. */
  env?: Record<string, string>;
  /** Written to the command's standard input. @default - nothing */
  input?: string | Buffer;
  /** File to which all output of the command is written. @default - none */
  log?: string;
  /** Time after which the command is killed, in milliseconds. Programs that it started are not. @default - no limit */
  timeoutMs?: number;
  /** Bytes of output after which the command is killed. @default 256 MiB */
  outputLimitBytes?: number;
  /** Called for each line that the command prints. */
  onLine?: (line: string) => void;
}

/** Bytes that a command may print. One that prints more has no end, and would fill the memory of this process. */
const OUTPUT_BYTES = 256 * 2 ** 20;

/** Characters of the output that a message shows at most. */
const TAIL_LENGTH = 4000;

export class CommandFailed extends Error {
  readonly command: string;
  /** Null if a signal ended the command. */
  readonly exitCode: number | null;
  readonly output: string;
  /** The limit that the command did not keep, in milliseconds. @default - it ended by itself */
  readonly timedOutMs: number | undefined;
  /** The limit that its output did not keep, in bytes. @default - it kept the limit */
  readonly outputLimitBytes: number | undefined;

  constructor(
    command: string,
    exitCode: number | null,
    output: string,
    {
      log,
      timedOutMs,
      outputLimitBytes,
    }: {
      log?: string | undefined;
      timedOutMs?: number | undefined;
      outputLimitBytes?: number | undefined;
    } = {},
  ) {
    const tail = output.trimEnd().split("\n").slice(-15).join("\n").slice(-TAIL_LENGTH);
    const ending =
      outputLimitBytes !== undefined
        ? `printed more than ${outputLimitBytes / 2 ** 20} MiB`
        : timedOutMs === undefined
          ? `ended with ${exitCode ?? "a signal"}`
          : `did not end within ${timedOutMs / 1000} s`;
    super(`\`${command}\` ${ending}${log ? ` (full output: ${log})` : ""}\n${tail}`);
    this.name = "CommandFailed";
    this.command = command;
    this.exitCode = exitCode;
    this.output = output;
    this.timedOutMs = timedOutMs;
    this.outputLimitBytes = outputLimitBytes;
  }
}

/** Runs a program to its end and returns its standard output. Throws CommandFailed, with the last lines, if it does not exit 0. */
export async function runCommand(
  program: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<string> {
  if (options.log !== undefined) await mkdir(dirname(options.log), { recursive: true });
  const log = options.log === undefined ? undefined : createWriteStream(options.log, { flags: "a" });
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: options.cwd,
      env: { ...process.env, ...options.env },
      stdio: ["pipe", "pipe", "pipe"],
    });
    let timedOutMs: number | undefined;
    let isOverLimit = false;
    const { outputLimitBytes = OUTPUT_BYTES } = options;
    const end = (): void => {
      child.kill("SIGKILL");
      // Else a program that the command started keeps them open: gcloud and az are shell scripts that start Python.
      child.stdout.destroy();
      child.stderr.destroy();
    };
    const timer =
      options.timeoutMs === undefined
        ? undefined
        : setTimeout(() => {
            timedOutMs = options.timeoutMs;
            end();
          }, options.timeoutMs);
    const stdout: Buffer[] = [];
    const both: Buffer[] = [];
    let partial = "";
    let bytes = 0;
    const take = (chunk: Buffer): void => {
      bytes += chunk.length;
      if (bytes > outputLimitBytes) {
        isOverLimit = true;
        return end();
      }
      both.push(chunk);
      log?.write(chunk);
      if (options.onLine === undefined) return;
      const lines = (partial + chunk.toString()).split("\n");
      partial = lines.pop() ?? "";
      for (const line of lines) options.onLine(line);
    };
    child.stdout.on("data", (chunk: Buffer) => (stdout.push(chunk), take(chunk)));
    child.stderr.on("data", take);
    child.stdin.on("error", () => {}); // a command that does not read its input closes the pipe early
    child.stdin.end(options.input);
    child.on("error", (error) => {
      clearTimeout(timer);
      reject(new Error(`cannot start ${program}: ${error.message}`, { cause: error }));
    });
    child.on("close", (code) => {
      clearTimeout(timer);
      log?.end();
      if (code === 0 && !isOverLimit) resolve(Buffer.concat(stdout).toString());
      else
        reject(
          new CommandFailed([program, ...args].join(" "), code, Buffer.concat(both).toString(), {
            log: options.log,
            timedOutMs,
            outputLimitBytes: isOverLimit ? outputLimitBytes : undefined,
          }),
        );
    });
  });
}
