import { askApiServer } from "./ask-api-server.ts";
import type { Finding } from "./finding.ts";

export interface ReachOptions {
  /** Base URL of the registry. */
  registryUrl: string;
  adminCidrs: readonly string[];
  /** Stack of the foundation, whose file has `cluster.adminCidrs`. */
  foundation: string;
  /** Page and heading about a machine in the network, which reaches the API server without `adminCidrs`. */
  guide: string;
  /** Whether a platform is deployed from this machine: a foundation needs the API of the cloud alone. */
  isPlatform: boolean;
  /** Kubeconfig of the cluster. @default - there is none yet, or nobody can read it here */
  kubeconfig?: string | undefined;
  fetch?: typeof fetch;
  /** Returns the status of the API server's answer; throws without one. */
  askApiServer?: typeof askApiServer;
}

const TIMEOUT_MS = 10_000;

/** Says whether the registry and the API server of the cluster answer from here. */
export async function reachFindings(options: ReachOptions): Promise<Finding[]> {
  return [await registry(options.registryUrl, options.fetch ?? fetch), await apiServer(options)];
}

/** Any answer will do: one without credentials is refused. */
async function registry(registryUrl: string, fetchImpl: typeof fetch): Promise<Finding> {
  const { host, origin } = new URL(registryUrl);
  const subject = `registry ${host}`;
  const needed = "an answer";
  try {
    const response = await fetchImpl(`${origin}/v2/`, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    await response.body?.cancel();
    return { subject, state: "ok", found: `status ${response.status}`, needed };
  } catch (error) {
    const { cause, message } = error as Error;
    const found = cause instanceof Error ? cause.message : message;
    return {
      subject,
      state: "unknown",
      found: `no answer (${found}); one that up creates has no address before`,
      needed,
    };
  }
}

/** Asks the API server of a cluster that is there. Before there is one, nobody can tell. */
async function apiServer({
  adminCidrs,
  foundation,
  guide,
  isPlatform,
  kubeconfig,
  askApiServer: askServer = askApiServer,
}: ReachOptions): Promise<Finding> {
  const subject = "way to the API server";
  const needed = "this machine in the network of the cluster, or its address in cluster.adminCidrs";
  const fix = `in Pulumi.${foundation}.yaml, cluster.adminCidrs: ["ADDRESS/32"], with the address by which this machine reaches the internet; or run from a machine in the network (${guide})`;
  if (kubeconfig !== undefined)
    try {
      return { subject, state: "ok", found: `it answers, status ${await askServer(kubeconfig)}`, needed };
    } catch (error) {
      // A foundation has no Kubernetes objects: a machine without this way can deploy it.
      const state = isPlatform ? "wrong" : "unknown";
      return { subject, state, found: `no answer: ${(error as Error).message}`, needed, fix };
    }
  if (adminCidrs.length > 0)
    return {
      subject,
      state: "unknown",
      found: `there is no cluster yet; then from ${adminCidrs.join(", ")}: check that this machine is there`,
      needed,
    };
  return {
    subject,
    state: "unknown",
    found: "there is no cluster yet; then only from its own network",
    needed,
    fix,
  };
}
