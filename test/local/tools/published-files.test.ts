import { describe, expect, it } from "vitest";
import { goToolVersion } from "../../../local/tools/go-tool.ts";
import { downloadUrl, PUBLISHED_TOOLS, publishedFiles } from "../../../local/tools/published-files.ts";
import { publishedPins } from "../../../local/tools/published-program.ts";

describe("the files of a publisher", () => {
  it("are the programs of Kubernetes, each with a checksum file beside it", () => {
    const files = publishedFiles("kubernetes", "v1.35.4");
    expect(files.map(({ program }) => program)).toEqual([
      "kube-apiserver",
      "kube-controller-manager",
      "kube-scheduler",
      "kubelet",
      "kube-proxy",
    ]);
    expect(files[3]).toEqual({
      address: "dl.k8s.io/release/v1.35.4/bin/linux/amd64/kubelet",
      checksums: "dl.k8s.io/release/v1.35.4/bin/linux/amd64/kubelet.sha256",
      program: "kubelet",
    });
  });

  it("are archives of etcd and CoreDNS", () => {
    expect(publishedFiles("etcd", "v3.6.16")).toEqual([
      {
        address: "github.com/etcd-io/etcd/releases/download/v3.6.16/etcd-v3.6.16-linux-amd64.tar.gz",
        checksums: "github.com/etcd-io/etcd/releases/download/v3.6.16/SHA256SUMS",
        program: "etcd",
        member: "etcd-v3.6.16-linux-amd64/etcd",
      },
    ]);
    expect(publishedFiles("coredns", "v1.15.0")).toEqual([
      {
        address: "github.com/coredns/coredns/releases/download/v1.15.0/coredns_1.15.0_linux_amd64.tgz",
        checksums:
          "github.com/coredns/coredns/releases/download/v1.15.0/coredns_1.15.0_linux_amd64.tgz.sha256",
        program: "coredns",
        member: "coredns",
      },
    ]);
  });

  it("are pinned for no other version than the one that is built", async () => {
    const versions = await Promise.all(PUBLISHED_TOOLS.map(goToolVersion));
    const known = PUBLISHED_TOOLS.flatMap((tool, at) => publishedFiles(tool, versions[at]!));
    const addresses = known.map(({ address }) => address);
    for (const pinned of (await publishedPins()).keys()) expect(addresses).toContain(pinned);
  });
});

describe("the URL of a published file", () => {
  const address = "dl.k8s.io/release/v1.35.4/bin/linux/amd64/kubelet";

  it.each([
    [undefined, `https://${address}`],
    ["https://mirror.example.com", `https://mirror.example.com/${address}`],
    ["https://mirror.example.com/files/", `https://mirror.example.com/files/${address}`],
    ["http://127.0.0.1:8080/x", `http://127.0.0.1:8080/x/${address}`],
  ])("with the mirror %j is %s", (mirror, url) => {
    expect(downloadUrl(address, mirror).href).toBe(url);
  });

  it.each([
    ["http://mirror.example.com/files", "an https URL, such as https://mirror.example.com/files, got"],
    [
      "mirror.example.com",
      'an https URL, such as https://mirror.example.com/files, got "mirror.example.com"',
    ],
    ["ftp://mirror.example.com", "an https URL"],
    [
      "https://me:secret@mirror.example.com",
      "no user name, password or query, got one for mirror.example.com",
    ],
    ["https://mirror.example.com/?token=secret", "no user name, password or query"],
    ["http://me:secret@mirror.example.com", "an https URL"],
    ["//me:secret@", "an https URL"],
  ])("refuses the mirror %j", (mirror, rule) => {
    expect(() => downloadUrl(address, mirror)).toThrow(`SLIPWAY_DOWNLOADS must`);
    expect(() => downloadUrl(address, mirror)).toThrow(rule);
    expect(() => downloadUrl(address, mirror)).not.toThrow("secret");
  });
});
