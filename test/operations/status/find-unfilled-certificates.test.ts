import { afterEach, beforeEach, expect, test } from "vitest";
import { findUnfilledCertificates } from "../../../operations/status/find-unfilled-certificates.ts";
import { Problems, type Problem } from "../../../operations/status/problems.ts";
import type { GatewayState } from "../../../operations/status/unfilled-certificate.ts";
import { fakeCluster, type FakeCluster } from "../fake-cluster.ts";

const PATH = "/apis/gateway.networking.k8s.io/v1/namespaces/production-gateway/gateways";

let cluster: FakeCluster;
beforeEach(async () => {
  cluster = await fakeCluster();
});
afterEach(() => cluster.close());

async function found(): Promise<Problem[]> {
  const problems = new Problems();
  await findUnfilledCertificates(cluster.kube, ["production", "production"], { problems, fix: "npm run up" });
  return problems.list();
}

const options = {
  "kubernetes.azure.com/tls-cert-keyvault-uri": "https://acme-x1y2z3w4.vault.azure.net/certificates/gateway",
};
const gateway = (conditions?: { type: string; status: string; message?: string }[]): GatewayState => ({
  metadata: { name: "production-gateway", namespace: "production-gateway" },
  spec: { listeners: [{ name: "https", tls: { options } }] },
  ...(conditions === undefined ? {} : { status: { listeners: [{ name: "https", conditions }] } }),
});
const answer = (...items: GatewayState[]): unknown => cluster.answers.set(PATH, { items });

test("a cluster without Gateways has no problem", async () => {
  expect(await found()).toEqual([]);
});

test("a Gateway with its certificate, and one with no certificate of a vault, are no problem", async () => {
  answer(gateway([{ type: "ResolvedRefs", status: "True" }]), { spec: { listeners: [{ name: "https" }] } });
  expect(await found()).toEqual([]);
});

test.each([
  [
    "whose Secret is not there",
    gateway([{ type: "ResolvedRefs", status: "False", message: "invalid certificate reference" }]),
    "invalid certificate reference",
  ],
  ["that AKS has not looked at", gateway(), "AKS has not looked at it yet"],
])("a Gateway %s waits for its certificate, with the command that imports it", async (_, state, message) => {
  answer(state);
  expect(await found()).toEqual([
    {
      about: "gateway of production",
      reason: `it waits for the certificate gateway in the vault acme-x1y2z3w4: ${message}`,
      fix: "az keyvault certificate import --vault-name acme-x1y2z3w4 --name gateway --file FILE.pfx",
    },
  ]);
});

test("Gateways that may not be listed are a problem", async () => {
  cluster.answers.set(PATH, 403);
  expect(await found()).toEqual([
    { about: "gateway of production", reason: expect.stringContaining("403") as string, fix: "npm run up" },
  ]);
});
