import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { loadKubeconfig } from "../../../../../local/engine/providers/kubernetes/kubeconfig.ts";

const ca = Buffer.from("ca").toString("base64");
const content = `
apiVersion: v1
kind: Config
current-context: one
contexts:
  - { name: one, context: { cluster: c1, user: u1, namespace: team } }
  - { name: two, context: { cluster: c2, user: u2 } }
clusters:
  - { name: c1, cluster: { server: "https://10.0.0.1:6443/", certificate-authority-data: ${ca} } }
  - { name: c2, cluster: { server: "https://10.0.0.2:6443", insecure-skip-tls-verify: true } }
users:
  - { name: u1, user: { token: t1 } }
  - { name: u2, user: { username: me, password: secret } }
`;

describe("a kubeconfig", () => {
  it("gives its current context's cluster, credentials and namespace", () => {
    expect(loadKubeconfig({ kubeconfig: content })).toMatchObject({
      server: "https://10.0.0.1:6443",
      ca: Buffer.from("ca"),
      token: "t1",
      namespace: "team",
      skipTlsVerify: false,
    });
  });

  it("gives another context on demand, with the namespace default", () => {
    expect(loadKubeconfig({ kubeconfig: content, context: "two" })).toMatchObject({
      server: "https://10.0.0.2:6443",
      basic: { username: "me", password: "secret" },
      namespace: "default",
      skipTlsVerify: true,
    });
  });

  it("resolves the files it names against its own folder", () => {
    const folder = mkdtempSync(join(tmpdir(), "kubeconfig-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    writeFileSync(join(folder, "client.crt"), "cert");
    const file = join(folder, "config");
    writeFileSync(file, content.replace("{ token: t1 }", "{ client-certificate: client.crt }"));
    expect(loadKubeconfig({ kubeconfig: file })).toMatchObject({ cert: Buffer.from("cert"), source: file });
  });

  it.each([
    [{ kubeconfig: content, context: "three" }, /has no context "three"; it has: one, two/],
    [{ kubeconfig: content, cluster: "c9" }, /has no cluster "c9"/],
    [{ kubeconfig: "/nowhere/config" }, /there is no kubeconfig at \/nowhere\/config; start the cluster/],
    [{ kubeconfig: "clusters: 5\n" }, /is no kubeconfig: clusters/],
    [
      { kubeconfig: content.replace("server:", "proxy-url: http://p, server:") },
      /proxy-url is not supported/,
    ],
  ])("that cannot be used is an error that says why (%#)", (options, message) => {
    expect(() => loadKubeconfig(options)).toThrow(message);
  });
});
