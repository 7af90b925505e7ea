import { readFile } from "node:fs/promises";
import { request } from "node:https";
import { pki } from "./certificates.ts";

/** Sends a GET to a server of the cluster, with the certificate of `client`. Rejects if there is no answer within five seconds. */
export async function getAs(client: string, url: string): Promise<{ status: number; body: string }> {
  const [ca, cert, key] = await Promise.all(
    [pki("ca.crt"), pki(`${client}.crt`), pki(`${client}.key`)].map((file) => readFile(file)),
  );
  return new Promise((resolve, reject) => {
    const sent = request(url, { ca, cert, key, agent: false, timeout: 5000 }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () =>
        resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() }),
      );
    });
    sent.on("timeout", () => sent.destroy(new Error(`${url} does not answer`)));
    sent.on("error", reject);
    sent.end();
  });
}
