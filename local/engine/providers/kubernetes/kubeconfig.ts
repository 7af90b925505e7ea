import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import { parse } from "yaml";
import { z } from "zod";

const clusterShape = z.object({
  server: z.string(),
  "certificate-authority": z.string().optional(),
  "certificate-authority-data": z.string().optional(),
  "insecure-skip-tls-verify": z.boolean().optional(),
  "tls-server-name": z.string().optional(),
  "proxy-url": z.string().optional(),
});
const execShape = z.object({
  apiVersion: z.string(),
  command: z.string(),
  args: z.array(z.string()).nullish(),
  env: z.array(z.object({ name: z.string(), value: z.string() })).nullish(),
  provideClusterInfo: z.boolean().optional(),
});
const userShape = z.object({
  "client-certificate": z.string().optional(),
  "client-certificate-data": z.string().optional(),
  "client-key": z.string().optional(),
  "client-key-data": z.string().optional(),
  token: z.string().optional(),
  tokenFile: z.string().optional(),
  username: z.string().optional(),
  password: z.string().optional(),
  exec: execShape.optional(),
});
const contextShape = z.object({
  cluster: z.string(),
  user: z.string().optional(),
  namespace: z.string().optional(),
});
const fileShape = z.object({
  "current-context": z.string().nullish(),
  clusters: z.array(z.object({ name: z.string(), cluster: clusterShape })).nullish(),
  users: z.array(z.object({ name: z.string(), user: userShape.nullish() })).nullish(),
  contexts: z.array(z.object({ name: z.string(), context: contextShape })).nullish(),
});

export type ExecPlugin = z.infer<typeof execShape>;

/** How to reach one cluster, and as whom. */
export interface ClusterAccess {
  /** Base address of the API server. */
  server: string;
  ca?: Buffer;
  cert?: Buffer;
  key?: Buffer;
  skipTlsVerify: boolean;
  tlsServerName?: string;
  /** A bearer token, or the file that holds the current one. */
  token?: string;
  tokenFile?: string;
  basic?: { username: string; password: string };
  exec?: ExecPlugin;
  /** Namespace of the context. @default "default" */
  namespace: string;
  /** Where this came from, for messages. */
  source: string;
}

export interface KubeconfigOptions {
  /** Contents of a kubeconfig, or paths to some, separated as in KUBECONFIG. @default ~/.kube/config */
  kubeconfig?: string;
  /** @default - the kubeconfig's current context */
  context?: string;
  /** @default - the context's cluster */
  cluster?: string;
}

/** Reads a kubeconfig. Throws, naming the file and what is missing in it, if it describes no cluster. */
export function loadKubeconfig(options: KubeconfigOptions): ClusterAccess {
  const given = options.kubeconfig ?? "";
  const isContent = given.includes("\n") || given.trimStart().startsWith("{");
  const source = isContent
    ? "the given kubeconfig"
    : given === ""
      ? join(homedir(), ".kube", "config")
      : given;
  const files = isContent
    ? [readContent(given, source)]
    : source.split(delimiter).filter(Boolean).map(readFile);
  const merged = {
    current: options.context ?? files.map((file) => file.data["current-context"]).find(Boolean),
    contexts: files.flatMap((file) => file.data.contexts ?? []),
    clusters: files.flatMap((file) =>
      (file.data.clusters ?? []).map((item) => ({ ...item, at: file.folder })),
    ),
    users: files.flatMap((file) => (file.data.users ?? []).map((item) => ({ ...item, at: file.folder }))),
  };
  const context = merged.contexts.find((item) => item.name === merged.current)?.context;
  if (context === undefined && options.cluster === undefined) {
    const names = merged.contexts.map((item) => item.name).join(", ") || "none";
    throw new Error(
      `kubernetes provider: ${source} has no context ${JSON.stringify(merged.current ?? "")}; it has: ${names}`,
    );
  }
  const clusterName = options.cluster ?? context?.cluster;
  const found = merged.clusters.find((item) => item.name === clusterName);
  if (found === undefined)
    throw new Error(`kubernetes provider: ${source} has no cluster ${JSON.stringify(clusterName)}`);
  const { cluster } = found;
  if (cluster["proxy-url"] !== undefined)
    throw new Error(
      `kubernetes provider: ${source}: proxy-url is not supported by the offline engine; reach ${cluster.server} directly`,
    );
  const user = merged.users.find((item) => item.name === context?.user);
  return {
    ...userAccess(user?.user ?? {}, user?.at ?? "."),
    server: cluster.server.replace(/\/+$/, ""),
    ca: bytes(cluster["certificate-authority"], cluster["certificate-authority-data"], found.at),
    skipTlsVerify: cluster["insecure-skip-tls-verify"] ?? false,
    tlsServerName: cluster["tls-server-name"],
    namespace: context?.namespace ?? "default",
    source,
  };
}

function userAccess(user: z.infer<typeof userShape>, folder: string): Partial<ClusterAccess> {
  return {
    cert: bytes(user["client-certificate"], user["client-certificate-data"], folder),
    key: bytes(user["client-key"], user["client-key-data"], folder),
    token: user.token,
    tokenFile: user.tokenFile === undefined ? undefined : resolve(folder, user.tokenFile),
    basic:
      user.username === undefined ? undefined : { username: user.username, password: user.password ?? "" },
    exec: user.exec,
  };
}

function bytes(file: string | undefined, data: string | undefined, folder: string): Buffer | undefined {
  if (data !== undefined && data !== "") return Buffer.from(data, "base64");
  return file === undefined ? undefined : readFileSync(resolve(folder, file));
}

interface KubeconfigFile {
  data: z.infer<typeof fileShape>;
  folder: string;
}

function readFile(path: string): KubeconfigFile {
  if (!existsSync(path))
    throw new Error(
      `kubernetes provider: there is no kubeconfig at ${path}; start the cluster, or set KUBECONFIG or kubernetes:kubeconfig`,
    );
  return { ...readContent(readFileSync(path, "utf8"), path), folder: dirname(resolve(path)) };
}

function readContent(text: string, source: string): KubeconfigFile {
  const result = fileShape.safeParse(parse(text));
  if (result.success) return { data: result.data, folder: process.cwd() };
  const [issue] = result.error.issues;
  throw new Error(
    `kubernetes provider: ${source} is no kubeconfig: ${issue?.path.join(".") ?? ""}: ${issue?.message ?? ""}`,
  );
}
