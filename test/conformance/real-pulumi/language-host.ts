/**
 * A language host for Node, as far as these tests need one: Pulumi's own cannot be built from modules that registries of
 * Go serve. It starts the SDK's own launcher, as Pulumi's does.
 * @see https://github.com/pulumi/pulumi/blob/master/sdk/nodejs/cmd/pulumi-language-nodejs/main.go
 */
import type { sendUnaryData, ServerUnaryCall, UntypedServiceImplementation } from "@grpc/grpc-js";
import languageGrpc from "@pulumi/pulumi/proto/language_grpc_pb.js";
import languageMessages from "@pulumi/pulumi/proto/language_pb.js";
import pluginMessages from "@pulumi/pulumi/proto/plugin_pb.js";
import type { RunRequest } from "@pulumi/pulumi/proto/language_pb.js";
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import path from "node:path";
import { z } from "zod";
import { runPlugin } from "./run-plugin.ts";
import { servePlugin } from "./serve-plugin.ts";

/** Options of the runtime in Pulumi.yaml. */
const optionsSchema = z.looseObject({
  nodeargs: z.string().default(""),
  typescript: z.boolean().default(true),
});
/** The program has said itself what failed. */
const EXIT_ALREADY_LOGGED = 32;

let engine = process.argv.at(-1) ?? "";

const answers: UntypedServiceImplementation = {
  handshake: (call: ServerUnaryCall<languageMessages.LanguageHandshakeRequest, unknown>, answer: Answer) => {
    engine = call.request.getEngineAddress();
    answer(null, new languageMessages.LanguageHandshakeResponse());
  },
  getPluginInfo: (_: unknown, answer: Answer) => {
    const info = new pluginMessages.PluginInfo();
    info.setVersion("1.0.0");
    answer(null, info);
  },
  // Both are on the PATH: none has to be downloaded.
  getRequiredPlugins: (_: unknown, answer: Answer) =>
    answer(null, new languageMessages.GetRequiredPluginsResponse()),
  getRequiredPackages: (_: unknown, answer: Answer) =>
    answer(null, new languageMessages.GetRequiredPackagesResponse()),
  run: (call: ServerUnaryCall<RunRequest, unknown>, answer: Answer) => {
    runProgram(call.request).then(
      (response) => answer(null, response),
      (error: unknown) => answer(error as Error),
    );
  },
  runPlugin,
};
type Answer = sendUnaryData<unknown>;

servePlugin((server) => server.addService(languageGrpc.LanguageRuntimeService, answers));

function runProgram(request: RunRequest): Promise<languageMessages.RunResponse> {
  const info = request.getInfo();
  const root = info?.getRootDirectory() ?? request.getPwd();
  const folder = info?.getProgramDirectory() ?? request.getPwd();
  const options = optionsSchema.parse(info?.getOptions()?.toJavaScript() ?? {});
  const nodeArgs = options.nodeargs.split(" ").filter((arg) => arg !== "");
  const flags = {
    monitor: request.getMonitorAddress(),
    engine,
    organization: request.getOrganization(),
    project: request.getProject(),
    stack: request.getStack(),
    "root-directory": root,
    pwd: request.getPwd(),
    parallel: String(request.getParallel()),
    ...(request.getDryrun() ? { "dry-run": "true" } : {}),
  };
  const launcher = createRequire(path.join(folder, "index.js")).resolve("@pulumi/pulumi/cmd/run");
  const args = Object.entries(flags).flatMap(([key, value]) => [`--${key}`, value]);
  const child = spawn(process.execPath, [...nodeArgs, launcher, ...args, info?.getEntryPoint() ?? "."], {
    cwd: request.getPwd(),
    stdio: ["ignore", "inherit", "inherit"],
    env: {
      ...process.env,
      PULUMI_CONFIG: JSON.stringify(Object.fromEntries(request.getConfigMap().toArray())),
      PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
      ...(options.typescript === false ? {} : { PULUMI_NODEJS_TYPESCRIPT: "true" }),
    },
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => {
      const response = new languageMessages.RunResponse();
      if (code === EXIT_ALREADY_LOGGED) response.setBail(true);
      else if (code !== 0) response.setError(`Program exited with ${signal ?? `code ${code}`}`);
      resolve(response);
    });
  });
}
