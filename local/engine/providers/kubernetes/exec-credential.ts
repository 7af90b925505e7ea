import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { isObject, textAt } from "./json-object.ts";
import type { Json } from "./json-object.ts";
import type { ExecPlugin } from "./kubeconfig.ts";

export interface ExecCredential {
  token?: string;
  cert?: Buffer;
  key?: Buffer;
  /** Milliseconds since the epoch. */
  expiresAt: number;
}

/** Runs a kubeconfig's credential plugin (`aws eks get-token`, `gke-gcloud-auth-plugin`, `kubelogin`) and reads what it prints. */
export async function runExecPlugin(
  plugin: ExecPlugin,
  environment: NodeJS.ProcessEnv,
): Promise<ExecCredential> {
  const extra = Object.fromEntries((plugin.env ?? []).map(({ name, value }) => [name, value]));
  const info = JSON.stringify({
    apiVersion: plugin.apiVersion,
    kind: "ExecCredential",
    spec: { interactive: false },
  });
  let output: string;
  try {
    const env = { ...environment, ...extra, KUBERNETES_EXEC_INFO: info };
    output = (await promisify(execFile)(plugin.command, plugin.args ?? [], { env, timeout: 60_000 })).stdout;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`kubernetes provider: the credential plugin ${plugin.command} failed: ${reason}`, {
      cause: error,
    });
  }
  const credential = JSON.parse(output) as Json;
  if (!isObject(credential) || !isObject(credential["status"]))
    throw new Error(`kubernetes provider: the credential plugin ${plugin.command} printed no ExecCredential`);
  const expiry = textAt(credential, "status", "expirationTimestamp");
  const pem = (key: string): Buffer | undefined => {
    const text = textAt(credential, "status", key);
    return text === undefined ? undefined : Buffer.from(text);
  };
  return {
    token: textAt(credential, "status", "token"),
    cert: pem("clientCertificateData"),
    key: pem("clientKeyData"),
    expiresAt: expiry === undefined ? Number.POSITIVE_INFINITY : Date.parse(expiry),
  };
}
