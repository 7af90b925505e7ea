import { createPrivateKey, createPublicKey, X509Certificate } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { ensureCertificates, kubeconfigOf, pki } from "../../../local/cluster/certificates.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "slipway pki-")); // with a blank, as a folder of a user's may have
  vi.stubEnv("SLIPWAY_HOME", folder);
  await ensureCertificates();
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

const certificate = async (name: string): Promise<X509Certificate> =>
  new X509Certificate(await readFile(pki(`${name}.crt`)));

describe("the cluster's certificates", () => {
  it("are issued by its own authority, each for its own key, none of them an authority itself", async () => {
    const ca = await certificate("ca");
    expect(ca.ca).toBe(true);
    const names = (await readdir(pki(""))).filter((name) => name.endsWith(".crt") && name !== "ca.crt");
    expect(names.length).toBe(10);
    for (const name of names) {
      const issued = new X509Certificate(await readFile(pki(name)));
      expect(issued.checkIssued(ca) && issued.verify(ca.publicKey), name).toBe(true);
      expect(issued.ca).toBe(false);
      const key = createPrivateKey(await readFile(pki(name.replace(".crt", ".key"))));
      expect(issued.checkPrivateKey(key), name).toBe(true);
    }
  });

  it("name the API server as pods, the node and the machine call it", async () => {
    const server = await certificate("apiserver");
    for (const ip of ["10.88.0.1", "127.0.0.1", "10.96.0.1"]) expect(server.checkIP(ip)).toBe(ip);
    for (const name of ["kubernetes.default.svc", "kubernetes.default.svc.cluster.local", "localhost"])
      expect(server.checkHost(name)).toBe(name);
    expect(server.checkHost("example.com")).toBeUndefined();
  });

  it("carry users and groups as RBAC and the node authorizer expect them", async () => {
    expect((await certificate("admin")).subject).toBe("O=system:masters\nCN=slipway-admin");
    expect((await certificate("kubelet")).subject).toBe("O=system:nodes\nCN=system:node:slipway");
    expect((await certificate("scheduler")).subject).toBe("CN=system:kube-scheduler");
  });

  it("come with a pair of keys that signs and checks service account tokens", async () => {
    const key = createPrivateKey(await readFile(pki("service-account.key")));
    const expected = createPublicKey(key).export({ type: "spki", format: "pem" });
    expect(await readFile(pki("service-account.pub"), "utf8")).toBe(expected);
  });

  it("and kubeconfigs can be read by their owner alone", async () => {
    const keys = (await readdir(pki(""))).filter((name) => name.endsWith(".key")).map((name) => pki(name));
    for (const file of [...keys, kubeconfigOf("admin"), kubeconfigOf("kubelet")])
      expect((await stat(file)).mode & 0o777, file).toBe(0o600);
  });

  it("stay as they are the next time; one that is missing comes back", async () => {
    const [ca, admin] = [await readFile(pki("ca.crt")), await readFile(pki("admin.crt"))];
    await rm(pki("admin.crt"));
    await ensureCertificates();
    expect(await readFile(pki("ca.crt"))).toEqual(ca);
    expect(await readFile(pki("admin.crt"))).not.toEqual(admin);
    expect((await certificate("admin")).verify((await certificate("ca")).publicKey)).toBe(true);
  });
});
