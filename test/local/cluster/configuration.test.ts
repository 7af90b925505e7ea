import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { apiServerFiles, AUDIT_POLICY } from "../../../local/cluster/api-server-files.ts";
import { restrictedNamespace } from "../../../local/cluster/cluster-addons.ts";
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

describe("what the API server reads", () => {
  it("encrypts with a key that only root can read and that stays the same", async () => {
    const before = process.env["SLIPWAY_HOME"];
    process.env["SLIPWAY_HOME"] = await mkdtemp(join(tmpdir(), "slipway-home-"));
    try {
      const { encryption, auditPolicy } = await apiServerFiles();
      expect((await stat(encryption)).mode & 0o777).toBe(0o600);
      const first = await readFile(encryption, "utf8");
      const { resources } = JSON.parse(first) as { resources: [{ providers: [{ secretbox: unknown }] }] };
      expect(resources[0].providers[0]).toHaveProperty("secretbox");
      await apiServerFiles();
      expect(await readFile(encryption, "utf8")).toBe(first);
      expect(JSON.parse(await readFile(auditPolicy, "utf8"))).toEqual(AUDIT_POLICY);
    } finally {
      await rm(process.env["SLIPWAY_HOME"], { recursive: true });
      if (before === undefined) delete process.env["SLIPWAY_HOME"];
      else process.env["SLIPWAY_HOME"] = before;
    }
  });

  it("never puts bodies, and so no Secret, into the audit log", () => {
    expect(new Set(AUDIT_POLICY.rules.map(({ level }) => level))).toEqual(new Set(["None", "Metadata"]));
    expect(AUDIT_POLICY.rules.at(-1)).toEqual({ level: "Metadata" });
  });
});

describe("the namespaces that Kubernetes makes", () => {
  it("enforce Pod Security restricted", () => {
    expect(restrictedNamespace("default")).toMatchObject({
      metadata: { name: "default", labels: { "pod-security.kubernetes.io/enforce": "restricted" } },
    });
  });
});

describe("the control plane's arguments", () => {
  const files = {
    encryption: "/pki/encryption.json",
    auditPolicy: "/config/audit-policy.json",
    contents: ["policy"],
  };

  it("keep anonymous requests out and RBAC on", () => {
    expect(apiServer("/bin", files).args).toEqual(
      expect.arrayContaining(["--anonymous-auth=false", "--authorization-mode=Node,RBAC"]),
    );
  });

  it("encrypt Secrets in etcd, and keep an audit log of bounded size", () => {
    const { args, reads } = apiServer("/bin", files);
    expect(args).toEqual(
      expect.arrayContaining([
        "--encryption-provider-config=/pki/encryption.json",
        "--audit-policy-file=/config/audit-policy.json",
        `--audit-log-path=${home("cluster", "log", "audit.log")}`,
        "--audit-log-maxsize=20",
      ]),
    );
    expect(reads).toEqual(["policy"]);
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
    [`haproxy\0-db\0-f\0${home("cluster", "config", "registry-gate.cfg")}\0`, true],
    ["/usr/bin/containerd-shim-runc-v2\0-address\0/run/containerd/containerd.sock\0", false],
    ["/usr/bin/etcd\0--data-dir=/var/lib/etcd\0", false],
    [`tail\0-f\0${home("cluster", "log", "etcd.log")}\0`, false],
    ["", false],
  ])("is one of our programs with our paths: %j is %s", (commandLine, expected) => {
    expect(isStray(commandLine)).toBe(expected);
  });
});
