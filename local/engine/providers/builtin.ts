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

/**
 * The providers that the engine brings along: Kubernetes and random for real, the clouds for previews.
 * @param env - where Kubernetes finds KUBECONFIG, PULUMI_K8S_AWAIT_ALL and what credential plugins need
 * @param onUnreachable - told why a cluster cannot be reached; a preview then goes on without it. Absent, it fails
 */
export function builtinProviders(
  env: Record<string, string | undefined>,
  onUnreachable?: (reason: string) => void,
): ProviderFactory {
  return (packageName) => {
    if (packageName === "kubernetes") {
      const awaitAll = env["PULUMI_K8S_AWAIT_ALL"] === "true";
      const kubeconfig = env["KUBECONFIG"];
      return kubernetesProvider({ kubeconfig, environment: env, awaitAll, onUnreachable });
    }
    if (packageName === "random") return randomProvider();
    return PLAN_ONLY.has(packageName) ? planOnlyProvider(packageName) : undefined;
  };
}
