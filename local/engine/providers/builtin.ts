import type { ProviderFactory } from "../provider.ts";
import { planOnlyProvider } from "./plan-only.ts";
import { kubernetesProvider } from "./kubernetes/kubernetes-provider.ts";
import { randomProvider } from "./random.ts";

const PLAN_ONLY = new Set([
  "aws",
  "aws-native",
  "gcp",
  "google-native",
  "azure",
  "azure-native",
  "docker",
  "docker-build",
]);

export interface BuiltinProviderOptions {
  /** Environment with KUBECONFIG, PULUMI_K8S_AWAIT_ALL and the variables of credential plugins. */
  env: Record<string, string | undefined>;
  /** Overwrites declared fields that somebody changed by hand. */
  takeBack: boolean;
  /** Called with the reason if a cluster is unreachable; a preview then goes on without it. Undefined: the preview fails. */
  onUnreachable: ((reason: string) => void) | undefined;
}

/** Returns the engine's own providers: complete ones for Kubernetes and random, preview-only ones for the clouds. */
export function builtinProviders({ env, takeBack, onUnreachable }: BuiltinProviderOptions): ProviderFactory {
  return (packageName) => {
    if (packageName === "kubernetes") {
      const awaitAll = env["PULUMI_K8S_AWAIT_ALL"] === "true";
      const kubeconfig = env["KUBECONFIG"];
      return kubernetesProvider({ kubeconfig, environment: env, awaitAll, takeBack, onUnreachable });
    }
    if (packageName === "random") return randomProvider();
    return PLAN_ONLY.has(packageName) ? planOnlyProvider(packageName) : undefined;
  };
}
