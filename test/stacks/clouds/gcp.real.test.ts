import path from "node:path";
import { beforeAll, expect, test } from "vitest";
import { destroy, preview, stackResources, up, type EngineOptions } from "../../../local/engine/engine.ts";
import type { PropertyMap, Provider } from "../../../local/engine/providers/provider.ts";
import { gcpOutputs } from "../../components/gcp-outputs.ts";
import { temporaryFolder } from "../../local/engine/scripted-run.ts";

/** What was made and deleted, in order. */
const created: string[] = [];
const deleted: string[] = [];

/** A cloud, or a cluster, in which everything works at once. */
function fake(cloud: boolean): Provider {
  const outputs = (type: string, name: string, inputs: PropertyMap): PropertyMap =>
    cloud ? (gcpOutputs(type, name, inputs) as PropertyMap) : inputs;
  return {
    configure: async () => undefined,
    check: async (_context, _olds, news) => ({ inputs: news, failures: [] }),
    diff: async () => ({ changes: false, replaces: [], deleteBeforeReplace: false, detailedDiff: {} }),
    create: async ({ type, name }, inputs, { preview }) => {
      if (preview) return { id: "", outputs: inputs };
      created.push(name);
      return { id: `${name}-id`, outputs: outputs(type, name, inputs) };
    },
    read: async ({ type, name }, id, inputs = {}) => ({ id, inputs, outputs: outputs(type, name, inputs) }),
    update: async (_context, _id, _oldInputs, oldOutputs) => ({ outputs: oldOutputs }),
    delete: async ({ name }) => void deleted.push(name),
    close: async () => undefined,
  };
}

const base: EngineOptions = {
  projectDir: path.join(import.meta.dirname, "programs/gcp"),
  stack: "test",
  backendDir: "",
  passphrase: "correct horse",
  config: { protect: "false" },
};

beforeAll(async () => {
  const options: EngineOptions = {
    ...base,
    backendDir: temporaryFolder(),
    providers: (name) => (name === "gcp" || name === "kubernetes" ? fake(name === "gcp") : undefined),
  };
  expect((await up(options)).failed).toEqual([]);
  expect((await destroy(options)).failed).toEqual([]);
  expect(await stackResources(options)).toEqual([]);
}, 120_000);

/** What must be there before something, and must outlive it. */
test.each([
  ["project-container-api", "cluster-gke"],
  ["project-cloudkms-api", "cluster-encryption-ring"],
  ["project-container-agent", "cluster-encryption-container"],
  ["cluster-encryption-container", "cluster-gke"],
  ["cluster-encryption-compute", "cluster-cpu-nodes"],
  ["network-nat", "cluster-gke"],
  ["network-subnet", "cluster-gke"],
  ["cluster-nodes-role", "cluster-system-nodes"],
  ["cluster-gke", "platform-training-identity-user"],
  ["cluster-gke", "platform-namespace"],
  ["cluster-system-nodes", "platform-namespace"],
  ["cluster-gpu-l4-nodes", "platform-namespace"],
  ["cluster-tpu-v5e-nodes", "platform-namespace"],
  ["cluster-admission", "platform-namespace"],
  ["network-managed-services", "redis-instance"],
  ["network-managed-services", "database-instance"],
  ["redis-encryption-redis", "redis-instance"],
  ["database-encryption-sqladmin", "database-instance"],
  ["secrets-encryption-secretmanager", "secrets-slack-webhook"],
  ["storage-encryption-storage", "storage-bucket"],
  ["registry-encryption-artifactregistry", "registry-slipway"],
  ["dns-proof", "dns-certificate"],
  ["dns-zone", "dns-proof"],
  ["network-vpc", "network-managed-services"],
])("%s is there before %s, and goes after it", (needed, thing) => {
  expect(created).toContain(needed);
  expect(created).toContain(thing);
  expect(created.indexOf(needed)).toBeLessThan(created.indexOf(thing));
  // What goes with its container is not deleted by itself.
  if (deleted.includes(needed) && deleted.includes(thing))
    expect(deleted.indexOf(needed)).toBeGreaterThan(deleted.indexOf(thing));
});

test("all that was made is deleted, but for what goes with its container", () => {
  const left = created.filter((name) => !deleted.includes(name)).sort();
  expect(left).toEqual(
    [
      "cluster-cpu-nodes",
      "cluster-gpu-l4-nodes",
      "cluster-system-nodes",
      "cluster-tpu-v5e-nodes",
      "database-database",
      "database-user",
      // In the namespace:
      "platform-default-deny",
      "platform-dns-egress",
      "platform-limits",
      "platform-quota",
      "platform-registry-egress",
    ].sort(),
  );
});

test("a first preview needs no cloud and no cluster", async () => {
  const planned = await preview({ ...base, backendDir: temporaryFolder(), unreachableClusters: "plan" });
  expect(planned.failed).toEqual([]);
  const names = planned.steps.filter(({ op }) => op === "create").map(({ urn }) => urn.split("::").at(-1));
  expect(names).toEqual(expect.arrayContaining(created));
}, 60_000);

test("what holds data is protected, and keys with it", async () => {
  const config = { protect: "true" };
  const planned = await preview({
    ...base,
    config,
    backendDir: temporaryFolder(),
    unreachableClusters: "plan",
  });
  const protectedNames = planned.steps
    .filter(({ newState }) => newState?.["protect"] === true)
    .map(({ urn }) => urn.split("::").at(-1));
  const keys = ["cluster", "database", "redis", "registry", "secrets", "storage"];
  expect(protectedNames.sort()).toEqual(
    [
      "cluster-gke",
      "database-database",
      "database-instance",
      "dns-zone",
      "redis-instance",
      "registry-flight-delays",
      "registry-slipway",
      "secrets-slack-webhook",
      "storage-bucket",
      ...keys.flatMap((name) => [`${name}-encryption-key`, `${name}-encryption-ring`]),
    ].sort(),
  );
}, 60_000);
