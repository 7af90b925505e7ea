import type { ProviderFactory } from "./provider.ts";
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

/** The providers that the engine brings along: Kubernetes and random for real, the clouds for previews. */
export const builtinProviders: ProviderFactory = (packageName) => {
  if (packageName === "kubernetes") return kubernetesProvider();
  if (packageName === "random") return randomProvider();
  return PLAN_ONLY.has(packageName) ? planOnlyProvider(packageName) : undefined;
};
