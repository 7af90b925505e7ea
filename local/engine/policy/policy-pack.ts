import type { ChildProcess } from "node:child_process";
import grpc from "@grpc/grpc-js";
import emptyPb from "google-protobuf/google/protobuf/empty_pb.js";
import structPb from "google-protobuf/google/protobuf/struct_pb.js";
import type { JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb.js";
import analyzerGrpc from "@pulumi/pulumi/proto/analyzer_grpc_pb.js";
import type { AnalyzerClient } from "@pulumi/pulumi/proto/analyzer_grpc_pb.js";
import analyzerPb from "@pulumi/pulumi/proto/analyzer_pb.js";
import type { AnalyzerInfo, AnalyzerResource } from "@pulumi/pulumi/proto/analyzer_pb.js";
import { CHANNEL_OPTIONS } from "../monitor/channel-options.ts";
import type { PropertyMap } from "../values/property-value.ts";
import { fromStruct } from "../values/wire.ts";
import { analyzeRequest } from "./analyzer-request.ts";
import type { CheckedResource } from "./analyzer-request.ts";
import { LEVELS, reconcileConfig } from "./pack-config.ts";
import type { PolicySettings } from "./pack-config.ts";
import { startPackProcess } from "./pack-process.ts";
import type { PackProcess, PackProcessOptions } from "./pack-process.ts";
import { PolicyPackError, toViolation } from "./policy-violation.ts";
import type { PolicyPackInfo, PolicyViolation } from "./policy-violation.ts";

export interface PolicyPackOptions extends PackProcessOptions {
  /** Policy name, or `all`, → level, or a map of config with `enforcementLevel` in it. */
  policyConfig: Record<string, unknown>;
  signal: AbortSignal;
}

/** A policy pack in its own process, called over Pulumi's Analyzer service. */
export class PolicyPack {
  readonly info: PolicyPackInfo;
  readonly #process: PackProcess;
  readonly #client: AnalyzerClient;
  readonly #remediates: boolean;
  readonly #signal: AbortSignal;
  readonly #calls = new Set<grpc.ClientUnaryCall>();

  private constructor(
    process: PackProcess,
    client: AnalyzerClient,
    signal: AbortSignal,
    pack: { name: string; version: string; settings: Map<string, PolicySettings> },
  ) {
    const enabled = [...pack.settings].filter(([, { enforcementLevel }]) => enforcementLevel !== "disabled");
    this.info = { name: pack.name, version: pack.version, policies: enabled.map(([name]) => name).sort() };
    this.#remediates = enabled.some(([, { enforcementLevel }]) => enforcementLevel === "remediate");
    this.#process = process;
    this.#client = client;
    this.#signal = signal;
    const cancel = (): void => this.#calls.forEach((call) => call.cancel());
    signal.addEventListener("abort", cancel, { once: true });
  }

  /** Starts and configures a pack. Throws PolicyPackError after it has ended the process. */
  static async start(
    options: PolicyPackOptions,
    onStart: (child: ChildProcess) => void,
  ): Promise<PolicyPack> {
    const process = await startPackProcess(options, onStart);
    const client = new analyzerGrpc.AnalyzerClient(
      process.address,
      grpc.credentials.createInsecure(),
      CHANNEL_OPTIONS,
    );
    try {
      await handshake(client, options);
      const info = await new Promise<AnalyzerInfo>((resolve, reject) =>
        client.getAnalyzerInfo(new emptyPb.Empty(), (error, value) =>
          error ? reject(error) : resolve(value),
        ),
      );
      const settings = reconcileConfig(info, options.policyConfig);
      await configure(client, settings);
      const version = process.version ?? info.getVersion();
      return new PolicyPack(process, client, options.signal, { name: info.getName(), version, settings });
    } catch (error) {
      client.close();
      process.kill();
      throw new PolicyPackError(options.path, error instanceof Error ? error.message : String(error));
    }
  }

  /** Returns the inputs of a resource after remediations; `inputs` is absent if none applied. */
  async remediate(
    resource: CheckedResource,
  ): Promise<{ inputs?: PropertyMap; violations: PolicyViolation[] }> {
    if (!this.#remediates) return { violations: [] };
    const request = analyzeRequest(resource, { internals: true });
    const response = await this.#call<analyzerPb.RemediateResponse>((done) =>
      this.#client.remediate(request, done),
    );
    let inputs: PropertyMap | undefined;
    const violations: PolicyViolation[] = [];
    for (const remediation of response.getRemediationsList()) {
      const message = remediation.getDiagnostic();
      const remedied = remediation.getProperties();
      if (remedied && message === "") inputs = fromStruct(remedied);
      if (message !== "") {
        const { name: pack, version: packVersion } = this.info;
        const policy = remediation.getPolicyname();
        violations.push({ pack, packVersion, policy, urn: resource.urn, enforcement: "remediate", message });
      }
    }
    return { ...(inputs ? { inputs } : {}), violations };
  }

  async analyze(resource: CheckedResource): Promise<PolicyViolation[]> {
    const request = analyzeRequest(resource, { internals: false });
    const response = await this.#call<analyzerPb.AnalyzeResponse>((done) =>
      this.#client.analyze(request, done),
    );
    return response.getDiagnosticsList().map((diagnostic) => this.#violation(diagnostic, resource.urn));
  }

  async analyzeStack(resources: readonly AnalyzerResource[]): Promise<PolicyViolation[]> {
    const request = new analyzerPb.AnalyzeStackRequest().setResourcesList([...resources]);
    const response = await this.#call<analyzerPb.AnalyzeResponse>((done) =>
      this.#client.analyzeStack(request, done),
    );
    return response.getDiagnosticsList().map((diagnostic) => this.#violation(diagnostic, undefined));
  }

  close(): void {
    this.#client.close();
    this.#process.kill();
  }

  #violation(diagnostic: analyzerPb.AnalyzeDiagnostic, urn: string | undefined): PolicyViolation {
    return { ...toViolation(diagnostic, urn), packVersion: this.info.version };
  }

  #call<T>(
    begin: (done: (error: grpc.ServiceError | null, response: T) => void) => grpc.ClientUnaryCall,
  ): Promise<T> {
    return new Promise((resolve, reject) => {
      const call = begin((error, response) => {
        this.#calls.delete(call);
        if (!error) return resolve(response);
        const reasons = [error.details || error.message, this.#process.lastWords()].filter(
          (text) => text !== "",
        );
        reject(this.#signal.aborted ? error : new PolicyPackError(this.info.name, reasons.join("\n")));
      });
      this.#calls.add(call);
    });
  }
}

async function handshake(client: AnalyzerClient, options: PolicyPackOptions): Promise<void> {
  const hello = new analyzerPb.AnalyzerHandshakeRequest().setEngineAddress(options.engineAddress);
  hello.setRootDirectory(options.path).setProgramDirectory(options.path);
  await optional((done) => client.handshake(hello, done));
  const stack = new analyzerPb.AnalyzerStackConfigureRequest();
  stack.setStack(options.stack).setProject(options.project).setOrganization(options.organization);
  stack.setDryRun(options.preview);
  for (const [key, value] of Object.entries(options.config)) stack.getConfigMap().set(key, value);
  await optional((done) => client.configureStack(stack, done));
}

/** Makes a call that older packs lack. Goes on without it, as the CLI does. */
function optional(begin: (done: (error: grpc.ServiceError | null) => void) => unknown): Promise<void> {
  return new Promise((resolve, reject) => {
    begin((error) => (error && error.code !== grpc.status.UNIMPLEMENTED ? reject(error) : resolve()));
  });
}

async function configure(client: AnalyzerClient, settings: Map<string, PolicySettings>): Promise<void> {
  const request = new analyzerPb.ConfigureAnalyzerRequest();
  for (const [name, { enforcementLevel, properties }] of settings) {
    const config = new analyzerPb.PolicyConfig();
    config.setEnforcementlevel(LEVELS.indexOf(enforcementLevel));
    config.setProperties(structPb.Struct.fromJavaScript(properties as Record<string, JavaScriptValue>));
    request.getPolicyconfigMap().set(name, config);
  }
  await new Promise<void>((resolve, reject) =>
    client.configure(request, (error) => (error ? reject(error) : resolve())),
  );
}
