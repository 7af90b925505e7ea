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
  /** Where Kubernetes finds KUBECONFIG, PULUMI_K8S_AWAIT_ALL and what credential plugins need. */
  env: Record<string, string | undefined>;
  /** Lets Kubernetes take declared fields back from whoever changed them by hand. */
  takeBack: boolean;
  /** Told why a cluster cannot be reached; a preview then goes on without it. Undefined, it fails. */
  onUnreachable: ((reason: string) => void) | undefined;
}

/** The providers that the engine brings along: Kubernetes and random for real, the clouds for previews. */
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
