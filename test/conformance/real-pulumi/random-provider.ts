/**
 * Pulumi's plugin protocol over the engine's own provider of random values: Pulumi's cannot be built from modules that
 * registries of Go serve. What the two engines do with its resources is then the engines' own doing.
 */
import type { sendUnaryData, ServerUnaryCall, UntypedServiceImplementation } from "@grpc/grpc-js";
import emptyMessages from "google-protobuf/google/protobuf/empty_pb.js";
import pluginMessages from "@pulumi/pulumi/proto/plugin_pb.js";
import providerGrpc from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import type { DiffKind, ProviderContext } from "../../../local/engine/provider.ts";
import { randomProvider } from "../../../local/engine/providers/random.ts";
import { fromStruct, toStruct } from "../../../local/engine/values/wire.ts";
import { servePlugin } from "./serve-plugin.ts";

const VERSION = "4.21.2";
const { Kind } = messages.PropertyDiff;
const KINDS: Record<DiffKind, messages.PropertyDiff.Kind> = {
  add: Kind.ADD,
  "add-replace": Kind.ADD_REPLACE,
  delete: Kind.DELETE,
  "delete-replace": Kind.DELETE_REPLACE,
  update: Kind.UPDATE,
  "update-replace": Kind.UPDATE_REPLACE,
};

const provider = randomProvider();

/** Answers a call with what `work` returns, or with its error. */
function answering<Request, Response>(
  work: (request: Request) => Promise<Response>,
): (call: ServerUnaryCall<Request, Response>, answer: sendUnaryData<Response>) => void {
  return (call, answer) => {
    work(call.request).then(
      (response) => answer(null, response),
      (error: unknown) => answer(error as Error),
    );
  };
}

function contextOf(request: { getUrn(): string }): ProviderContext {
  const [, , type = "", name = ""] = request.getUrn().split("::");
  const signal = new AbortController().signal;
  return {
    urn: request.getUrn(),
    type: type.split("$").at(-1) ?? type,
    name,
    signal,
    status: () => undefined,
    log: () => undefined,
  };
}

const empty = answering(async () => new emptyMessages.Empty());

const answers: UntypedServiceImplementation = {
  getPluginInfo: answering(async () => {
    const info = new pluginMessages.PluginInfo();
    info.setVersion(VERSION);
    return info;
  }),
  checkConfig: answering(async (request: messages.CheckRequest) => {
    const response = new messages.CheckResponse();
    response.setInputs(request.getNews());
    return response;
  }),
  diffConfig: answering(async () => new messages.DiffResponse()),
  configure: answering(async () => {
    const response = new messages.ConfigureResponse();
    response.setSupportspreview(true);
    return response;
  }),
  check: answering(async (request: messages.CheckRequest) => {
    const olds = fromStruct(request.getOlds());
    const { inputs, failures } = await provider.check(
      contextOf(request),
      olds,
      fromStruct(request.getNews()),
      {
        randomSeed: Buffer.from(request.getRandomseed_asU8()),
        preview: false,
      },
    );
    const response = new messages.CheckResponse();
    response.setInputs(toStruct(inputs));
    response.setFailuresList(
      failures.map(({ property, reason }) => {
        const failure = new messages.CheckFailure();
        failure.setProperty(property);
        failure.setReason(reason);
        return failure;
      }),
    );
    return response;
  }),
  diff: answering(async (request: messages.DiffRequest) => {
    const diff = await provider.diff(
      contextOf(request),
      request.getId(),
      fromStruct(request.getOldInputs()),
      fromStruct(request.getOlds()),
      fromStruct(request.getNews()),
      { ignoreChanges: request.getIgnorechangesList(), preview: false },
    );
    const response = new messages.DiffResponse();
    const { DIFF_NONE, DIFF_SOME } = messages.DiffResponse.DiffChanges;
    response.setChanges(diff.changes ? DIFF_SOME : DIFF_NONE);
    response.setReplacesList(diff.replaces);
    response.setDeletebeforereplace(diff.deleteBeforeReplace);
    response.setHasdetaileddiff(true);
    for (const [path, { kind, inputDiff }] of Object.entries(diff.detailedDiff)) {
      const property = new messages.PropertyDiff();
      property.setKind(KINDS[kind]);
      property.setInputdiff(inputDiff);
      response.getDetaileddiffMap().set(path, property);
    }
    return response;
  }),
  create: answering(async (request: messages.CreateRequest) => {
    const { id, outputs } = await provider.create(contextOf(request), fromStruct(request.getProperties()), {
      preview: request.getPreview(),
    });
    const response = new messages.CreateResponse();
    response.setId(id);
    response.setProperties(toStruct(outputs));
    return response;
  }),
  read: answering(async (request: messages.ReadRequest) => {
    const response = new messages.ReadResponse();
    response.setId(request.getId());
    response.setProperties(request.getProperties());
    response.setInputs(request.getInputs());
    return response;
  }),
  delete: empty,
  cancel: empty,
};

servePlugin((server) => server.addService(providerGrpc.ResourceProviderService, answers));
