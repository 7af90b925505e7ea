import { createServer } from "node:https";
import { NETWORK, REGISTRY_HOST } from "../../local/cluster/layout.ts";
import type { Certificate } from "../e2e/cloud-walk/network/authority.ts";
import { forwardRequest } from "../e2e/cloud-walk/network/forward-request.ts";

const PORT = 5443;

/** Starts the registry of a user: the local registry over https, with the accounts that it has. */
export async function startTlsRegistry({
  cert,
  key,
}: Certificate): Promise<{ host: string; close: () => Promise<void> }> {
  const server = createServer({ cert, key }, (request, response) => {
    forwardRequest(request, response, `http://${REGISTRY_HOST}${request.url ?? "/"}`).catch(
      (error: unknown) => {
        if (!response.headersSent) response.writeHead(502);
        response.end(String(error));
      },
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(PORT, NETWORK.node, resolve);
  });
  return {
    host: `${NETWORK.node}:${PORT}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
