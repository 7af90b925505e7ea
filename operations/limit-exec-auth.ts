import type { KubeConfig, User } from "@kubernetes/client-node";
import type { OutgoingHttpHeaders } from "node:http";
import type { RequestOptions } from "node:https";
import { z } from "zod";
import { commandReason } from "./command-reason.ts";
import { runCloudCli } from "./run-cloud-cli.ts";

type Authenticator = Parameters<KubeConfig["addAuthenticator"]>[0];

const pluginSchema = z.looseObject({
  apiVersion: z.string().optional(),
  command: z.string(),
  args: z.array(z.string()).nullish(),
  env: z.array(z.object({ name: z.string(), value: z.string() })).nullish(),
});
type Plugin = z.infer<typeof pluginSchema>;

const credentialSchema = z.looseObject({
  status: z.looseObject({
    // A header takes no other characters, and the error of the client has the whole header.
    token: z
      .string()
      .regex(/^[\x21-\x7e]+$/)
      .optional(),
    clientCertificateData: z.string().optional(),
    clientKeyData: z.string().optional(),
    expirationTimestamp: z.string().optional(),
  }),
});
type Status = z.infer<typeof credentialSchema>["status"];

/** Name of the authenticator in the kubeconfig in memory. */
const NAME = "slipway-exec";

/**
 * Lets the credential plugins of a kubeconfig, such as `aws eks get-token`, run for at most a minute. The client of Kubernetes waits for
 * them without a limit.
 */
export function limitExecAuth(kube: KubeConfig, run: typeof runCloudCli = runCloudCli): void {
  kube.addAuthenticator(execAuthenticator(run));
  kube.users = kube.users.map((user) => {
    const parsed = pluginSchema.safeParse(user.exec);
    if (!parsed.success) return user;
    return { ...user, exec: undefined, authProvider: { name: NAME, plugin: parsed.data } };
  });
}

function execAuthenticator(run: typeof runCloudCli): Authenticator {
  const known = new Map<string, Promise<Status>>();
  const renewed = (name: string, plugin: Plugin): Promise<Status> => {
    const asked = credentialOf(plugin, run);
    asked.catch(() => known.delete(name)); // the next request asks again
    known.set(name, asked);
    return asked;
  };
  return {
    isAuthProvider: (user) => pluginOf(user) !== undefined,
    async applyAuthentication(user, given) {
      const plugin = pluginOf(user);
      if (plugin === undefined) return;
      const options = given as RequestOptions;
      let status = await (known.get(user.name) ?? renewed(user.name, plugin));
      if (Date.parse(status.expirationTimestamp ?? "") <= Date.now())
        status = await renewed(user.name, plugin);
      if (status.clientCertificateData !== undefined) options.cert = status.clientCertificateData;
      if (status.clientKeyData !== undefined) options.key = status.clientKeyData;
      if (status.token !== undefined)
        options.headers = {
          ...(options.headers as OutgoingHttpHeaders),
          Authorization: `Bearer ${status.token}`,
        };
    },
  };
}

function pluginOf({ authProvider }: User): Plugin | undefined {
  const { name, plugin } = (authProvider ?? {}) as { name?: string; plugin?: Plugin };
  return name === NAME ? plugin : undefined;
}

/** Runs a credential plugin. Its output is a secret: no error has it. */
async function credentialOf(plugin: Plugin, run: typeof runCloudCli): Promise<Status> {
  const { apiVersion = "client.authentication.k8s.io/v1", command, args, env } = plugin;
  const info = { apiVersion, kind: "ExecCredential", spec: { interactive: false } };
  const text = await run(command, args ?? [], {
    ...Object.fromEntries((env ?? []).map(({ name, value }) => [name, value])),
    KUBERNETES_EXEC_INFO: JSON.stringify(info),
  }).catch((error: unknown) => {
    throw new Error(`the kubeconfig's credential plugin ${command} failed: ${commandReason(error)}`);
  });
  const parsed = credentialSchema.safeParse(fromJson(text));
  if (!parsed.success)
    throw new Error(`the kubeconfig's credential plugin ${command} printed no ExecCredential`);
  return parsed.data.status;
}

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
