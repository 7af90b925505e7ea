import { downloadsMirror } from "../home.ts";

/** The tools of which a publisher serves finished programs for linux-x64. */
export const PUBLISHED_TOOLS = ["kubernetes", "etcd", "coredns"] as const;
export type PublishedTool = (typeof PUBLISHED_TOOLS)[number];

/** A file that a publisher serves. Addresses begin with the publisher's host: `https://` goes before them, or the URL of a mirror. */
export interface PublishedFile {
  /** Such as `dl.k8s.io/release/v1.35.4/bin/linux/amd64/kubelet`. */
  address: string;
  /** Address of the file in which the publisher gives the sha256. */
  checksums: string;
  /** Name of the program. */
  program: string;
  /** Path of the program in the archive. @default - the file is the program itself */
  member?: string;
}

/** Programs of the control plane and of the node. */
export const KUBERNETES_PROGRAMS = [
  "kube-apiserver",
  "kube-controller-manager",
  "kube-scheduler",
  "kubelet",
  "kube-proxy",
] as const;

/** Returns the files of a tool. The version is that of its Go module, such as `v1.35.4`. */
export function publishedFiles(tool: PublishedTool, version: string): PublishedFile[] {
  if (tool === "kubernetes")
    return KUBERNETES_PROGRAMS.map((program) => {
      const address = `dl.k8s.io/release/${version}/bin/linux/amd64/${program}`;
      return { address, checksums: `${address}.sha256`, program };
    });
  if (tool === "etcd") {
    const release = `github.com/etcd-io/etcd/releases/download/${version}`;
    const folder = `etcd-${version}-linux-amd64`;
    const address = `${release}/${folder}.tar.gz`;
    return [{ address, checksums: `${release}/SHA256SUMS`, program: "etcd", member: `${folder}/etcd` }];
  }
  const archive = `coredns_${version.replace(/^v/, "")}_linux_amd64.tgz`;
  const address = `github.com/coredns/coredns/releases/download/${version}/${archive}`;
  return [{ address, checksums: `${address}.sha256`, program: "coredns", member: "coredns" }];
}

/**
 * Returns the URL of an address: at its publisher, or below the mirror that `SLIPWAY_DOWNLOADS` names. Throws if the mirror has no
 * TLS: the publisher's checksum comes over the same connection and proves nothing without it.
 */
export function downloadUrl(address: string, mirror = downloadsMirror()): URL {
  if (mirror === undefined) return new URL(`https://${address}`);
  const base = URL.canParse(mirror) ? new URL(mirror) : undefined;
  const encrypted = base?.protocol === "https:" || (base?.protocol === "http:" && isLoopback(base.hostname));
  if (base === undefined || !encrypted)
    throw new Error(
      `SLIPWAY_DOWNLOADS must be an https URL, such as https://mirror.example.com/files, got ${JSON.stringify(shownMirror(base, mirror))}`,
    );
  if (base.username !== "" || base.password !== "" || base.search !== "")
    throw new Error(
      `SLIPWAY_DOWNLOADS must have no user name, password or query, got one for ${base.host}: name a mirror that needs no login`,
    );
  return new URL(`${base.href.replace(/\/+$/, "")}/${address}`);
}

/** The value as an error may show it: without a password. */
const shownMirror = (base: URL | undefined, mirror: string): string =>
  base === undefined
    ? mirror.replace(/\/\/[^/@]*@/, "//…@")
    : `${base.protocol}//${base.host}${base.pathname}`;

const isLoopback = (host: string): boolean =>
  host === "localhost" || host === "127.0.0.1" || host === "[::1]";
