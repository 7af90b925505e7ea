import { KubeConfig } from "@kubernetes/client-node";
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { PATHS, REGISTRY_HOST } from "../local/cluster/layout.ts";
import type { RegistryClient } from "../runtime/artifacts/registry-client.ts";
import { connectRegistry, userDockerConfig, type RegistryAddress } from "./connect-registry.ts";
import { didYouMean } from "../runtime/contract/issues/did-you-mean.ts";
import { configWithFoundation, foundationOf } from "./stack/foundation-of.ts";
import { loadStackFile } from "./stack/load-stack-file.ts";
import { stackCluster, type StackCluster } from "./stack/stack-cluster.ts";
import { stackOutputs } from "./stack/stack-outputs.ts";
import { stackRegistry } from "./stack/stack-registry.ts";
import { limitExecAuth } from "./limit-exec-auth.ts";
import { NoKubeconfig } from "./no-kubeconfig.ts";
import { WrongRequest } from "./wrong-request.ts";

/** The flags that say where a stack runs. */
export interface TargetFlags {
  stack: string;
  /** Context of the user's kubeconfig. */
  context?: string | undefined;
  /** `HOST/PREFIX` of the user's registry. */
  registry?: string | undefined;
}

/** The cluster and the registry of a stack, before a connection to them. */
export interface TargetPlan {
  /** A foundation creates the cluster and the registry; a platform runs on them. */
  layer: "foundation" | "platform";
  cluster: StackCluster["kind"];
  /** Whether the cluster is the one that Slipway runs on this machine. */
  local: boolean;
  /** Path of a kubeconfig. @default - the user's own */
  kubeconfig?: string;
  /** Context to use. @default - the kubeconfig's current one */
  context?: string;
  registry: RegistryAddress;
  /** Config that this run sets over the stack's file. */
  config: Record<string, string>;
  /** Reads the kubeconfig from the outputs of the foundation. @default - a file has it */
  readKubeconfig?: () => Promise<string>;
}

/** The cluster and the registry that a stack is deployed to, connected. */
export interface Target {
  plan: TargetPlan;
  kube: KubeConfig;
  registry: RegistryClient;
}

/** Decides where a stack runs from its file and the flags. Throws a WrongRequest where they contradict one another. */
export async function planTarget(
  root: string,
  flags: TargetFlags,
  env: NodeJS.ProcessEnv,
): Promise<TargetPlan> {
  const { stack, context, registry } = flags;
  const file = await loadStackFile(root, stack);
  const cluster = stackCluster({ stack, config: await configWithFoundation(file) });
  if (cluster.kind === "cloud") {
    if (registry !== undefined)
      throw new WrongRequest(`--registry: stack ${stack} has the registry of its cloud: leave the flag out`);
    const foundation = (await foundationOf(file))?.stack;
    return {
      layer: foundation === undefined ? "foundation" : "platform",
      cluster: "cloud",
      local: false,
      registry: await stackRegistry(root, stack),
      config: {},
      ...(context === undefined
        ? {
            readKubeconfig: () =>
              foundationKubeconfig(foundation ?? stack, { root, env, connect: cluster.connect }),
          }
        : { context }),
    };
  }
  if (context !== undefined) return ownCluster(root, { stack, context, registry }, cluster, env);
  if (registry !== undefined)
    throw new WrongRequest("--registry goes with --context NAME: the cluster that pulls from this registry");
  if (cluster.kind === "local") return localCluster(env);
  return {
    layer: "platform",
    cluster: "existing",
    local: false,
    registry: await stackRegistry(root, stack),
    config: {},
    ...(cluster.kubeconfig === undefined ? {} : { kubeconfig: resolve(root, cluster.kubeconfig) }),
    ...(cluster.context === undefined ? {} : { context: cluster.context }),
  };
}

/** The address that the client of Kubernetes takes where it finds no kubeconfig. */
const CLIENT_DEFAULT = "http://localhost:8080";

/** Loads the kubeconfig of the environment, or that of the pod. Throws where there is none; a WrongRequest where a context was asked for. */
function loadOwnKubeconfig(kube: KubeConfig, context: string | undefined): void {
  kube.loadFromDefault();
  const { server, skipTLSVerify = false } = kube.getCurrentCluster() ?? {};
  if (server !== CLIENT_DEFAULT || skipTLSVerify) return;
  const message =
    "there is no kubeconfig: KUBECONFIG names none, and there is none at ~/.kube/config; set KUBECONFIG, or slipway:cluster.kubeconfig";
  throw context === undefined ? new Error(message) : new WrongRequest(`context ${context}: ${message}`);
}

/**
 * Connects to the cluster and the registry. Throws where the kubeconfig has no way to the cluster.
 *
 * @param note - called with a line for a person before it waits for a login
 */
export async function connectTarget(
  plan: TargetPlan,
  env: NodeJS.ProcessEnv,
  note?: (line: string) => void,
): Promise<Target> {
  const kube = new KubeConfig();
  if (plan.readKubeconfig !== undefined) kube.loadFromString(await plan.readKubeconfig());
  else if (plan.kubeconfig === undefined) loadOwnKubeconfig(kube, plan.context);
  else {
    const text = await readFile(plan.kubeconfig, "utf8").catch(() => undefined);
    if (text === undefined)
      throw new Error(
        plan.local
          ? "there is no local cluster: start one with npm run up"
          : `slipway:cluster.kubeconfig: there is no file ${plan.kubeconfig}`,
      );
    kube.loadFromString(text);
  }
  limitExecAuth(kube);
  if (plan.context !== undefined) {
    if (kube.getContextObject(plan.context) === null) {
      const known = kube.getContexts().map(({ name }) => name);
      throw new WrongRequest(
        `context ${plan.context}: your kubeconfig has no such context${didYouMean(plan.context, known)} (contexts: ${known.join(", ") || "none"})`,
      );
    }
    kube.setCurrentContext(plan.context);
  }
  return {
    plan,
    kube,
    registry: await connectRegistry({ ...plan.registry, ...(note === undefined ? {} : { note }) }, env),
  };
}

/** Reads the kubeconfig from the outputs of a foundation. Throws NoKubeconfig if they have none. */
async function foundationKubeconfig(
  foundation: string,
  { root, env, connect }: { root: string; env: NodeJS.ProcessEnv; connect: string },
): Promise<string> {
  const { kubeconfig } = await stackOutputs({ projectDir: root, stack: foundation, env });
  if (typeof kubeconfig === "string") return kubeconfig;
  throw new NoKubeconfig(foundation, connect);
}

function localCluster(env: NodeJS.ProcessEnv): TargetPlan {
  const credentialsFile = PATHS.registryAuth();
  const readCredentialsFile = PATHS.registryReadAuth();
  const moved = { kind: "local", host: REGISTRY_HOST, credentialsFile, readCredentialsFile };
  return {
    layer: "platform",
    cluster: "local",
    local: true,
    kubeconfig: PATHS.kubeconfig(),
    registry: { url: `http://${REGISTRY_HOST}`, credentialsFile },
    config: env["SLIPWAY_HOME"] === undefined ? {} : { "slipway:registry": JSON.stringify(moved) },
  };
}

/** Plans a cluster of the user instead of the one in the stack's file. */
async function ownCluster(
  root: string,
  { stack, context, registry }: { stack: string; context: string; registry: string | undefined },
  cluster: StackCluster,
  env: NodeJS.ProcessEnv,
): Promise<TargetPlan> {
  const config = { "slipway:cluster": JSON.stringify({ kind: "existing", context }) };
  if (registry === undefined) {
    if (cluster.kind === "local")
      throw new WrongRequest(
        "--context goes with --registry HOST/PREFIX: images and models have to be where that cluster can pull them",
      );
    return {
      layer: "platform",
      cluster: "existing",
      local: false,
      context,
      registry: await stackRegistry(root, stack),
      config,
    };
  }
  const [host, prefix] = splitRegistry(registry);
  const credentialsFile = userDockerConfig(env);
  return {
    layer: "platform",
    cluster: "existing",
    local: false,
    context,
    registry: { url: `https://${registry}`, credentialsFile },
    config: {
      ...config,
      "slipway:registry": JSON.stringify({
        kind: "existing",
        host,
        ...(prefix === "" ? {} : { prefix }),
        credentialsFile,
      }),
    },
  };
}

/** `host/some/prefix` → its host and its prefix. */
export function splitRegistry(registry: string): [host: string, prefix: string] {
  const slash = registry.indexOf("/");
  return slash < 0 ? [registry, ""] : [registry.slice(0, slash), registry.slice(slash + 1)];
}
