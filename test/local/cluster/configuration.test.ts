import { describe, expect, it } from "vitest";
import { isStray } from "../../../local/cluster/cluster-down.ts";
import { containerdConfig } from "../../../local/cluster/containerd.ts";
import { coreDns } from "../../../local/cluster/core-dns.ts";
import { apiServer, etcd, kubeletConfig } from "../../../local/cluster/kubernetes-daemons.ts";
import { home } from "../../../local/home.ts";

describe("containerd's configuration", () => {
  it.each([
    [true, "restrict_oom_score_adj = false"],
    [false, "restrict_oom_score_adj = true"],
  ])("where scores may be lowered (%s) has %s", (canLowerOomScore, line) => {
    expect(containerdConfig({ cgroups: "v1", canLowerOomScore })).toContain(line);
  });

  it("keeps everything below folders of ours, and no password", () => {
    const config = containerdConfig({ cgroups: "v2", canLowerOomScore: true });
    const paths = [...config.matchAll(/"(\/[^"]+)"/g)].map(([, path]) => path ?? "");
    expect(paths.length).toBeGreaterThan(5);
    for (const path of paths)
      expect(path.startsWith(home()) || path.startsWith("/run/slipway") || path === "/usr/lib/cni").toBe(
        true,
      );
    expect(config).not.toMatch(/password|auth/);
  });
});

describe("the kubelet's configuration", () => {
  it("allows cgroup v1 only where the machine has it", () => {
    expect(kubeletConfig({ cgroups: "v1", canLowerOomScore: true }, "/x")).toHaveProperty(
      "failCgroupV1",
      false,
    );
    expect(kubeletConfig({ cgroups: "v2", canLowerOomScore: true }, "/x")).not.toHaveProperty("failCgroupV1");
  });

  it("admits nobody anonymous", () => {
    const config = kubeletConfig({ cgroups: "v2", canLowerOomScore: true }, "/x");
    expect(config).toMatchObject({
      authentication: { anonymous: { enabled: false } },
      authorization: { mode: "Webhook" },
    });
  });
});

describe("the control plane's arguments", () => {
  it("keep anonymous requests out and RBAC on", () => {
    expect(apiServer("/bin").args).toEqual(
      expect.arrayContaining(["--anonymous-auth=false", "--authorization-mode=Node,RBAC"]),
    );
  });

  it("never turn etcd's fsync off, and have its clients show certificates", () => {
    const { args } = etcd("/bin");
    expect(args.join(" ")).not.toContain("unsafe-no-fsync");
    expect(args).toContain("--client-cert-auth=true");
  });
});

describe("the cluster's DNS", () => {
  it("runs the given image under the restricted Pod Security rules", () => {
    const deployment = coreDns("registry/coredns@sha256:1").find(
      (object) => "kind" in object && object.kind === "Deployment",
    );
    expect(deployment).toMatchObject({
      spec: {
        template: {
          spec: {
            securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
            containers: [
              {
                image: "registry/coredns@sha256:1",
                securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
              },
            ],
          },
        },
      },
    });
  });
});

describe("a stray process", () => {
  it.each([
    ["/usr/bin/containerd-shim-runc-v2\0-namespace\0k8s.io\0-address\0/run/slipway/containerd.sock\0", true],
    [`/x/bin/etcd\0--data-dir=${home("cluster", "etcd")}\0`, true],
    [`docker-registry\0serve\0${home("cluster", "config", "registry.yml")}\0`, true],
    ["/usr/bin/containerd-shim-runc-v2\0-address\0/run/containerd/containerd.sock\0", false],
    ["/usr/bin/etcd\0--data-dir=/var/lib/etcd\0", false],
    [`tail\0-f\0${home("cluster", "log", "etcd.log")}\0`, false],
    ["", false],
  ])("is one of our programs with our paths: %j is %s", (commandLine, expected) => {
    expect(isStray(commandLine)).toBe(expected);
  });
});
