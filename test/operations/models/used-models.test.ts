import { KubeConfig } from "@kubernetes/client-node";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { reasonsToKeep } from "../../../operations/models/plan-removal.ts";
import { usedModels } from "../../../operations/models/used-models.ts";
import { fakeServer, type FakeServer } from "../fake-server.ts";
import { outputsWith, serviceOf } from "../fake-platform.ts";

const digest = (digit: string): string => `sha256:${digit.repeat(64)}`;
const reference = (digit: string): string => `flight-delays/pushback/model@${digest(digit)}`;

let server: FakeServer;
let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "used-models-"));
  server = await fakeServer((_request, { pathname }, response) => {
    const container = { name: "c", env: [{ name: "SLIPWAY_MODEL", value: reference("d") }] };
    const deployment = {
      metadata: { namespace: "canary-eu", name: "pushback" },
      spec: { selector: {}, template: { spec: { containers: [container] } } },
    };
    const body = { items: pathname.endsWith("/deployments") ? [deployment] : [] };
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body));
  });
});
afterEach(async () => {
  await server.close();
  await rm(root, { recursive: true });
});

it("a version is in use by services of the stack, of others in the cluster, of clouds, and by the files that pin it", async () => {
  const kube = new KubeConfig();
  kube.loadFromClusterAndUser({ name: "c", server: server.url, skipTLSVerify: true }, { name: "u" });
  for (const [stack, digit] of [
    ["dev", "b"],
    ["prod", "c"],
  ] as const)
    await writeFile(
      join(root, `Pulumi.${stack}.yaml`),
      `config:\n  slipway:environments:\n    production: { services: { pushback: { workload: flight-delays, model: { digest: "${digest(digit)}" } } } }\n`,
    );
  const managed = {
    name: "pushback",
    model: "pushback",
    workload: "flight-delays",
    environment: "eu",
    target: "sagemaker",
    url: null,
    digest: digest("e"),
    reference: reference("e"),
    canaryDigest: digest("f"),
  };
  const outputs = outputsWith([serviceOf("staging", digest("a"))], { managedServices: [managed] });
  const used = await usedModels({ root, stack: "dev", kube, outputs });
  expect(Object.fromEntries(used)).toEqual({
    [reference("a")]: ["staging/pushback"],
    [reference("b")]: ["production/pushback"],
    [reference("c")]: ["Pulumi.prod.yaml: production/pushback"],
    [reference("d")]: ["canary-eu/pushback"],
    [reference("e")]: ["eu/pushback"],
    [reference("f")]: ["eu/pushback"],
  });
  const item = { repository: "flight-delays/pushback/model", kind: "model" as const, bytes: 1, madeFrom: [] };
  const of = (digit: string, tags: string[]): string[] =>
    reasonsToKeep({ ...item, reference: reference(digit), digest: digest(digit), tags }, used);
  expect(of("a", ["champion", "inputs-1"])).toEqual(["staging/pushback", "tag champion"]);
  expect(of("0", ["latest"])).toEqual([]);
});
