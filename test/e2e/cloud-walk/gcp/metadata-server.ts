import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { NETWORK } from "../../../../local/cluster/layout.ts";
import { runCommand } from "../../../../local/run-command.ts";
import type { Kubectl } from "../kubernetes/kubectl.ts";
import { sendJson } from "../network/front.ts";
import { workloadOf, type GoogleApis } from "./google-apis.ts";
import { PROJECT, REGION } from "./gcp-place.ts";
import { TOKEN_SECONDS, type GoogleTokens } from "./google-tokens.ts";

/** Port of this server. GKE too leads port 80 of the address to another one. */
const PORT = 8988;
const RULE = [
  ...["PREROUTING", "--table", "nat", "--source", NETWORK.pods, "--destination", "169.254.169.254/32"],
  ...["--protocol", "tcp", "--dport", "80", "--jump", "DNAT", "--to-destination", `${NETWORK.node}:${PORT}`],
];
const PREFIX = "/computeMetadata/v1/";
const HEADER = { "metadata-flavor": "Google" };

const podsSchema = z.object({
  items: z.array(
    z.object({
      metadata: z.object({ namespace: z.string() }),
      spec: z.object({ serviceAccountName: z.string().default("default") }),
      status: z.object({ phase: z.string().optional() }),
    }),
  ),
});

export interface MetadataServerOptions {
  kubectl: Kubectl;
  apis: GoogleApis;
  tokens: GoogleTokens;
  /** Name of the cluster. */
  clusterName: () => string;
}

/**
 * The metadata server of GKE's nodes: gives a pod, which it knows by its address, a token of the Google service account in the annotation
 * of its service account.
 *
 * @see https://cloud.google.com/kubernetes-engine/docs/concepts/workload-identity#metadata_server
 */
export async function metadataServer(
  options: MetadataServerOptions,
): Promise<{ close: () => Promise<void> }> {
  const server = createServer((request, response) => {
    answer(options, request, response).catch((error: unknown) => response.writeHead(500).end(String(error)));
  });
  await new Promise<void>((resolve, reject) =>
    server.once("error", reject).listen(PORT, NETWORK.node, resolve),
  );
  await runCommand("iptables", ["--wait", "--append", ...RULE]);
  return {
    close: async () => {
      await runCommand("iptables", ["--wait", "--delete", ...RULE]).catch(() => undefined); // the cluster may have removed it
      server.closeAllConnections();
      server.close();
    },
  };
}

async function answer(
  { kubectl, apis, tokens, clusterName }: MetadataServerOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  for (const [name, value] of Object.entries(HEADER)) response.setHeader(name, value);
  if (request.headers["metadata-flavor"] !== "Google") return void response.writeHead(403).end();
  const texts: Record<string, string> = {
    "project/project-id": PROJECT,
    "instance/attributes/cluster-name": clusterName(),
    "instance/attributes/cluster-location": REGION,
  };
  const path = (request.url ?? "").replace(PREFIX, "");
  const text = texts[path];
  if (text !== undefined) return void response.writeHead(200).end(text);
  if (path !== "instance/service-accounts/default/token") return void response.writeHead(404).end();
  const pod = await podAt(kubectl, request.socket.remoteAddress ?? "");
  if (pod === undefined) return void response.writeHead(503).end();
  const { namespace, serviceAccount } = pod;
  const member = workloadOf(namespace, serviceAccount);
  const email = await kubectl([
    ...["--namespace", namespace, "get", "serviceaccount", serviceAccount],
    "--output=jsonpath={.metadata.annotations.iam\\.gke\\.io/gcp-service-account}",
  ]);
  // Without the annotation the pod has the identity of its service account, to which nobody grants a right.
  const token = email === "" ? tokens.issue(member) : apis.actAs(member, email);
  if (token === undefined) return void response.writeHead(403).end();
  sendJson(response, 200, { access_token: token, expires_in: TOKEN_SECONDS, token_type: "Bearer" });
}

/** Finds the pod with an address. A new pod has to wait until its node has reported the address. */
async function podAt(
  kubectl: Kubectl,
  address: string,
): Promise<{ namespace: string; serviceAccount: string } | undefined> {
  for (let attempt = 0; attempt < 20; attempt++) {
    const { items } = podsSchema.parse(
      JSON.parse(
        await kubectl([
          ...["get", "pods", "--all-namespaces", "--output=json"],
          `--field-selector=status.podIP=${address}`,
        ]),
      ),
    );
    const found = items.find(({ status }) => status.phase !== "Succeeded" && status.phase !== "Failed");
    if (found !== undefined)
      return { namespace: found.metadata.namespace, serviceAccount: found.spec.serviceAccountName };
    await sleep(500);
  }
  return undefined;
}
