import type { Finding } from "./finding.ts";

export interface ReachOptions {
  /** Base URL of the registry. */
  registryUrl: string;
  adminCidrs: readonly string[];
  /** Stack of the foundation, whose file has `cluster.adminCidrs`. */
  foundation: string;
  fetch?: typeof fetch;
}

const TIMEOUT_MS = 10_000;

/** Says whether the registry answers from here, and who will reach the API server of the cluster. */
export async function reachFindings({
  registryUrl,
  adminCidrs,
  foundation,
  fetch: fetchImpl = fetch,
}: ReachOptions): Promise<Finding[]> {
  return [await registry(registryUrl, fetchImpl), apiServer(adminCidrs, foundation)];
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

function apiServer(adminCidrs: readonly string[], foundation: string): Finding {
  const subject = "way to the API server";
  const needed = "this machine in the network of the cluster, or its address in cluster.adminCidrs";
  if (adminCidrs.length > 0)
    return {
      subject,
      state: "ok",
      found: `from ${adminCidrs.join(", ")}: check that this machine is there`,
      needed,
    };
  return {
    subject,
    state: "unknown",
    found: "only from the network of the cluster",
    needed,
    fix: `in Pulumi.${foundation}.yaml, cluster.adminCidrs: ["ADDRESS/32"], with the address by which this machine reaches the internet`,
  };
}
