import type { Provider } from "../../provider.ts";
import { ApiClient } from "./api-client.ts";
import { ApiError } from "./api-error.ts";
import { checkInputs } from "./check.ts";
import { clusterReader } from "./cluster-reader.ts";
import { createObject, previewCreate } from "./create.ts";
import { decodeYaml, DECODE_YAML } from "./decode-yaml.ts";
import { deleteObject } from "./delete.ts";
import { Discovery } from "./discovery.ts";
import { loadKubeconfig } from "./kubeconfig.ts";
import { planDiff } from "./plan-diff.ts";
import { parseProviderConfig } from "./provider-config.ts";
import { readObject } from "./read.ts";
import type { Session } from "./session.ts";
import { movedKeys } from "./moved-cluster.ts";
import { previewUpdate, updateObject } from "./update.ts";

export interface KubernetesProviderOptions {
  /** Contents of a kubeconfig, or KUBECONFIG's value, for a provider whose own config names none. @default ~/.kube/config */
  kubeconfig?: string;
  /** Context for a provider whose own config names none. @default - the kubeconfig's current context */
  context?: string;
  /** Environment of the credential plugins of a kubeconfig. @default {} */
  environment?: NodeJS.ProcessEnv;
  /** Waits for custom resources too, by their Ready condition, as PULUMI_K8S_AWAIT_ALL does. @default false */
  awaitAll?: boolean;
  /** How long a kind may take to appear after its definition was created, in milliseconds. @default 30000 */
  kindWaitMs?: number;
  /**
   * Takes a field that the program declares back from people who changed it by hand (`kubectl scale`, `kubectl edit`, a
   * dashboard), and says so in a line. Fields of `ignoreChanges` and those of controllers stay as they are.
   * @default false: such a field is an error
   */
  takeBack?: boolean;
  /** Lets a preview go on where the cluster cannot be reached; it is told why. @default - the preview fails */
  onUnreachable?: (reason: string) => void;
}

/**
 * Deploys Kubernetes objects as pulumi-kubernetes 4 does, with server-side apply. `configure` throws if the kubeconfig is
 * wrong or its server does not answer. A preview fails then too, because a plan without a cluster promises nothing; with
 * `onUnreachable` it goes on and reports the reason.
 */
export function kubernetesProvider(options: KubernetesProviderOptions = {}): Provider {
  let configured: Session | undefined;
  const session = (): Session => {
    if (configured === undefined) throw new Error("kubernetes provider: configure must be called first");
    return configured;
  };
  return {
    async configure(config, preview) {
      configured = await openSession(options, config, preview);
    },
    async diffConfig(oldConfig, newConfig) {
      return { replaces: movedKeys(oldConfig, newConfig, options) };
    },
    async check(context, olds, news, { randomSeed, autonaming }) {
      return checkInputs(session(), context, olds, news, { randomSeed, autonaming });
    },
    async diff(context, id, oldInputs, oldOutputs, newInputs, { ignoreChanges }) {
      return planDiff(session(), context, { id, oldInputs, oldOutputs, newInputs, ignoreChanges });
    },
    async create(context, inputs, { preview }) {
      if (preview) return { id: "", outputs: await previewCreate(session(), context, inputs) };
      return createObject(session(), context, inputs);
    },
    async read(context, id, inputs, outputs) {
      return readObject(session(), context, id, inputs, outputs);
    },
    async update(context, _id, oldInputs, oldOutputs, newInputs, { ignoreChanges, preview }) {
      const update = preview ? previewUpdate : updateObject;
      const question = { oldInputs, oldOutputs, newInputs, ignoreChanges };
      return { outputs: await update(session(), context, question) };
    },
    async delete(context, id, inputs, outputs) {
      return deleteObject(session(), context, id, inputs, outputs);
    },
    async invoke(token, args) {
      if (token === DECODE_YAML) return decodeYaml(args);
      throw new Error(
        `${token}: the offline engine's provider of kubernetes has no such function; pass the result in as config, or use the pulumi CLI`,
      );
    },
    async close() {
      configured?.connection?.api.close();
    },
  };
}

async function openSession(
  options: KubernetesProviderOptions,
  config: Parameters<Provider["configure"]>[0],
  preview: boolean,
): Promise<Session> {
  const {
    kubeconfig,
    context,
    environment = {},
    awaitAll = false,
    kindWaitMs = 30_000,
    takeBack = false,
    onUnreachable,
  } = options;
  const { config: parsed, unknown } = parseProviderConfig(config);
  const without = (unreachable?: string): Session => ({
    config: parsed,
    namespace: parsed.namespace ?? "default",
    discovery: new Discovery(undefined),
    connection: undefined,
    unreachable,
    awaitAll,
    kindWaitMs,
    takeBack,
  });
  if (unknown.some((key) => ["kubeconfig", "context", "cluster"].includes(key))) return without();
  const tolerated = parsed.deleteUnreachable || parsed.skipUpdateUnreachable;
  try {
    const access = loadKubeconfig({
      kubeconfig: parsed.kubeconfig ?? kubeconfig,
      context: parsed.context ?? (parsed.kubeconfig === undefined ? context : undefined),
      cluster: parsed.cluster,
    });
    const api = new ApiClient(access, environment);
    await probe(api);
    const discovery = new Discovery(api);
    const connection = { api, reader: clusterReader(api, discovery) };
    return { ...without(), namespace: parsed.namespace ?? access.namespace, discovery, connection };
  } catch (error) {
    const planned = preview && onUnreachable !== undefined;
    if (!(tolerated || planned) || !(error instanceof Error)) throw error;
    if (planned) onUnreachable(error.message);
    return without(error.message);
  }
}

/** Throws unless the server answers and accepts the credentials. */
async function probe(api: ApiClient): Promise<void> {
  try {
    await api.request("GET", "/version");
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const fix = error.status === 401 ? "its credentials are wrong or have expired" : `HTTP ${error.status}`;
    throw new Error(
      `the Kubernetes API server ${api.access.server} (from ${api.access.source}) refused us: ${error.message}; ${fix}`,
      { cause: error },
    );
  }
}
