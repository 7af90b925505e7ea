import { chmod, mkdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { runCommand } from "../run-command.ts";
import { API_SERVER, NETWORK, NODE_NAME, PATHS } from "./layout.ts";

interface Certificate {
  name: string;
  /** Such as `/O=system:masters/CN=admin`: Kubernetes reads group and user from it. */
  subject: string;
  usage: "clientAuth" | "serverAuth" | "clientAuth,serverAuth";
  /** Subject alternative names in openssl's form. @default - none */
  names?: string;
}

const EC = "-algorithm EC -pkeyopt ec_paramgen_curve:P-256";
const node = `IP:${NETWORK.node},IP:127.0.0.1,DNS:${NODE_NAME},DNS:localhost`;
const CERTIFICATES: readonly Certificate[] = [
  { name: "etcd", subject: "/CN=etcd", usage: "clientAuth,serverAuth", names: node },
  { name: "etcd-client", subject: "/CN=kube-apiserver-etcd-client", usage: "clientAuth" },
  {
    name: "apiserver",
    subject: "/CN=kube-apiserver",
    usage: "serverAuth",
    names: `${node},IP:${NETWORK.apiService},DNS:kubernetes,DNS:kubernetes.default,DNS:kubernetes.default.svc,DNS:kubernetes.default.svc.${NETWORK.domain}`,
  },
  {
    name: "apiserver-kubelet-client",
    subject: "/O=system:masters/CN=kube-apiserver-kubelet-client",
    usage: "clientAuth",
  },
  {
    name: "kubelet-server",
    subject: `/O=system:nodes/CN=system:node:${NODE_NAME}`,
    usage: "serverAuth",
    names: node,
  },
];
/** Users with a kubeconfig, by user name and group. */
const USERS = {
  admin: "/O=system:masters/CN=slipway-admin",
  kubelet: `/O=system:nodes/CN=system:node:${NODE_NAME}`,
  "controller-manager": "/CN=system:kube-controller-manager",
  scheduler: "/CN=system:kube-scheduler",
  proxy: "/CN=system:kube-proxy",
} as const;
export type User = keyof typeof USERS;

export const pki = (file: string): string => join(PATHS.pki(), file);
export const kubeconfigOf = (user: User): string =>
  user === "admin" ? PATHS.kubeconfig() : join(PATHS.kubeconfigs(), `${user}.kubeconfig`);

/** Creates the cluster's certificate authority, certificates, service account keys and kubeconfigs that are missing. */
export async function ensureCertificates(): Promise<void> {
  await mkdir(PATHS.pki(), { recursive: true, mode: 0o700 });
  await mkdir(PATHS.kubeconfigs(), { recursive: true, mode: 0o700 });
  await once("ca.crt", async (partial) => {
    await openssl(`genpkey ${EC} -out`, pki("ca.key"));
    await openssl("req -x509 -new -sha256 -days 3650 -subj /CN=slipway -key", pki("ca.key"), "-out", partial);
  });
  await once("service-account.pub", async (partial) => {
    await openssl("genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out", pki("service-account.key"));
    await openssl("pkey -pubout -in", pki("service-account.key"), "-out", partial);
  });
  for (const certificate of CERTIFICATES) await issue(certificate);
  for (const [user, subject] of Object.entries(USERS) as [User, string][]) {
    await issue({ name: user, subject, usage: "clientAuth" });
    await writeKubeconfig(user);
  }
}

async function issue({ name, subject, usage, names }: Certificate): Promise<void> {
  await once(`${name}.crt`, async (partial) => {
    const [key, request, extensions] = [pki(`${name}.key`), pki(`${name}.csr`), pki(`${name}.ext`)];
    await openssl(`genpkey ${EC} -out`, key);
    await openssl("req -new -key", key, "-subj", subject, "-out", request);
    const lines = [
      "basicConstraints=critical,CA:FALSE",
      "keyUsage=critical,digitalSignature",
      `extendedKeyUsage=${usage}`,
      ...(names === undefined ? [] : [`subjectAltName=${names}`]),
    ];
    await writeFile(extensions, lines.join("\n") + "\n");
    const authority = ["-CA", pki("ca.crt"), "-CAkey", pki("ca.key"), "-CAserial", pki("ca.srl")];
    const files = ["-in", request, "-extfile", extensions, "-out", partial];
    await openssl("x509 -req -sha256 -days 3650 -CAcreateserial", ...authority, ...files);
    await rm(request);
    await rm(extensions);
  });
}

/** Creates `file` under a temporary name and renames it last, so that it is complete or absent. */
async function once(file: string, make: (partial: string) => Promise<void>): Promise<void> {
  const present = await stat(pki(file)).then(
    () => true,
    () => false,
  );
  if (present) return;
  await make(pki(`${file}.partial`));
  await rename(pki(`${file}.partial`), pki(file));
}

/** Runs openssl; private keys get mode 0600. `command` is split at blanks, `more` is passed unchanged. */
async function openssl(command: string, ...more: string[]): Promise<void> {
  await runCommand("openssl", [...command.split(" "), ...more]);
}

async function writeKubeconfig(user: User): Promise<void> {
  const path = kubeconfigOf(user);
  const config = {
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "slipway", cluster: { server: API_SERVER, "certificate-authority": pki("ca.crt") } }],
    users: [
      { name: user, user: { "client-certificate": pki(`${user}.crt`), "client-key": pki(`${user}.key`) } },
    ],
    contexts: [{ name: "slipway", context: { cluster: "slipway", user } }],
    "current-context": "slipway",
  };
  await writeFile(path, JSON.stringify(config, null, 2) + "\n", { mode: 0o600 });
  await chmod(path, 0o600);
}
