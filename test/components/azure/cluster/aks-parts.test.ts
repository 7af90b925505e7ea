import fc from "fast-check";
import { expect, test } from "vitest";
import { aksGpuInstanceProfile } from "../../../../components/azure/cluster/aks-gpu-instances.ts";
import { aksKubeconfig, authorityOf } from "../../../../components/azure/cluster/aks-kubeconfig.ts";
import { aksPoolName, aksPoolNames } from "../../../../components/azure/cluster/aks-pool-names.ts";
import {
  AKS_DEFAULT_VERSION,
  AKS_VERSIONS,
  aksSupportWarning,
  aksVersion,
} from "../../../../components/azure/cluster/aks-versions.ts";
import { MIG_TYPES } from "../../../../components/platform/kubernetes/gpu-types.ts";

test("the default version is supported for half a year after November 2026", () => {
  expect(aksVersion(undefined, "cluster: version")).toBe(AKS_DEFAULT_VERSION);
  expect(AKS_VERSIONS[AKS_DEFAULT_VERSION]! > "2027-05-23").toBe(true);
});

test("refuses a version that AKS does not support, and names the others", () => {
  expect(() => aksVersion("1.31", "cluster: version")).toThrow(
    "cluster: version must be one of 1.34 (until 2026-11-30), 1.35 (until 2027-03-31), 1.36 (until 2027-06-30), 1.37 (until 2027-10-31), got 1.31",
  );
});

test("warns 90 days before the support of a version ends, and names the later ones", () => {
  expect(aksSupportWarning("1.36", new Date("2027-03-31"))).toBeUndefined();
  expect(aksSupportWarning("1.36", new Date("2027-04-02"))).toBe(
    "Kubernetes 1.36: support by AKS ends on 2027-06-30; set cluster.version to the next one (1.37)",
  );
  expect(aksSupportWarning("1.34", new Date("2026-12-02"))).toBe(
    "Kubernetes 1.34: support by AKS ended on 2026-11-30; Azure creates no new cluster with it; set cluster.version to the next one (1.35, 1.36, 1.37)",
  );
});

test.each([
  ["cpu", "cpu"],
  ["t4", "t4"],
  ["twelveletter", "twelveletter"],
])("keeps the name %s of a pool", (name, poolName) => {
  expect(aksPoolName(name)).toBe(poolName);
});

test("converts every name to a valid AKS name, and different names to different ones", () => {
  const names = fc.stringMatching(/^[a-z]([a-z0-9-]{0,38}[a-z0-9])?$/);
  fc.assert(
    fc.property(names, names, (a, b) => {
      expect(aksPoolName(a)).toMatch(/^[a-z][a-z0-9]{0,11}$/);
      if (a !== b) expect(aksPoolName(a)).not.toBe(aksPoolName(b));
    }),
  );
});

test("refuses two pools with the same AKS name, and names both", () => {
  expect(() => aksPoolNames(["cpu", "gpu", "cpu"], "cluster")).toThrow(
    "cluster: names of node pools must stay different in AKS, got cpu and cpu, which both become cpu; rename one",
  );
});

test.each([
  ["nvidia-a100-80gb", "1g.10gb", "MIG1g"],
  ["nvidia-a100-40gb", "1g.5gb", "MIG1g"],
  ["nvidia-h100-94gb", "3g.47gb", "MIG3g"],
  ["nvidia-h200-141gb", "7g.141gb", "MIG7g"],
] as const)("splits %s into %s as %s", (type, mig, profile) => {
  expect(aksGpuInstanceProfile(type, mig, "pool: mig")).toBe(profile);
});

test("refuses a profile that the GPU does not have, and names the others", () => {
  expect(() => aksGpuInstanceProfile("nvidia-a100-80gb", "1g.5gb", "a100: mig")).toThrow(
    "a100: mig must be one of 1g.10gb, 2g.20gb, 3g.40gb, 4g.40gb, 7g.80gb for nvidia-a100-80gb, got 1g.5gb",
  );
  expect(() => aksGpuInstanceProfile("nvidia-t4", "1g.5gb", "t4: mig")).toThrow("t4: mig must be left out");
});

test("knows the profiles of every GPU with MIG", () => {
  for (const type of MIG_TYPES)
    expect(() => aksGpuInstanceProfile(type, "0g.0gb", "x")).toThrow("must be one of");
});

const kubeconfig = (extra: string): string =>
  Buffer.from(
    `apiVersion: v1\nclusters:\n- cluster:\n${extra}    server: https://x:443\n  name: x\n`,
  ).toString("base64");

test("finds the certificate authority in the kubeconfig that Azure gives users", () => {
  expect(authorityOf(kubeconfig("    certificate-authority-data: LS0tLS1CRUdJTg==\n"))).toBe(
    "LS0tLS1CRUdJTg==",
  );
  expect(authorityOf(kubeconfig(""))).toBeUndefined();
  expect(authorityOf(undefined)).toBeUndefined();
});

test("gets a token with kubelogin, and contains no credentials", () => {
  const config = JSON.parse(aksKubeconfig({ host: "api.example", tenant: "t-1", authority: "QUJD" })) as {
    clusters: { cluster: object }[];
    users: { user: { exec: { command: string; args: string[] } } }[];
  };
  expect(config.clusters[0]?.cluster).toEqual({
    server: "https://api.example:443",
    "certificate-authority-data": "QUJD",
  });
  expect(Object.keys(config.users[0]?.user ?? {})).toEqual(["exec"]);
  expect(config.users[0]?.user.exec.command).toBe("kubelogin");
  expect(config.users[0]?.user.exec.args).toEqual(expect.arrayContaining(["--tenant-id", "t-1"]));
});
