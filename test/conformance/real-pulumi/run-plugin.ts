import type { ServerWritableStream } from "@grpc/grpc-js";
import languageMessages from "@pulumi/pulumi/proto/language_pb.js";
import type { RunPluginRequest, RunPluginResponse } from "@pulumi/pulumi/proto/language_pb.js";
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import path from "node:path";

/** Runs a policy pack for the CLI, which reads its output. Kills it when the CLI ends the call. */
export function runPlugin(call: ServerWritableStream<RunPluginRequest, RunPluginResponse>): void {
  const { request } = call;
  const folder = request.getInfo()?.getProgramDirectory() ?? request.getPwd();
  const run = createRequire(path.join(folder, "index.js")).resolve("@pulumi/pulumi/cmd/run-policy-pack");
  const child = spawn(process.execPath, [run, ...request.getArgsList(), folder], {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...environment(request.getEnvList()) },
  });
  const send = (fill: (response: RunPluginResponse) => void): void => {
    const response = new languageMessages.RunPluginResponse();
    fill(response);
    call.write(response);
  };
  child.stdout.on("data", (bytes: Buffer) => send((response) => response.setStdout(bytes)));
  child.stderr.on("data", (bytes: Buffer) => send((response) => response.setStderr(bytes)));
  child.on("error", (error) => call.destroy(error));
  child.on("close", (code) => {
    send((response) => response.setExitcode(code ?? 1));
    call.end();
  });
  call.on("cancelled", () => child.kill("SIGKILL"));
}

/** `KEY=VALUE` items as an environment. */
function environment(items: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    items.map((item) => [item.slice(0, item.indexOf("=")), item.slice(item.indexOf("=") + 1)]),
  );
}
