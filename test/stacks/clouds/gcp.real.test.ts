import { beforeAll, expect, test } from "vitest";
import { preview } from "../../../local/engine/engine.ts";
import { gcpOutputs } from "../../components/gcp-outputs.ts";
import { temporaryFolder } from "../../local/engine/scripted-run.ts";
import { liveAndDie, nameOf, orderFaults, outlivedBy, programOptions, type Life } from "./life.ts";

let life: Life;
beforeAll(async () => {
  life = await liveAndDie("gcp", { gcp: gcpOutputs });
}, 120_000);

test("nothing is made before what it needs, nothing outlives it, and nothing is left", () => {
  expect(orderFaults(life)).toEqual([]);
  expect(life.left).toBe(0);
});

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
  expect(outlivedBy(life, thing, needed)).toBe(true);
});

test("only what goes with a cluster, an instance or a namespace is not deleted by itself", () => {
  const left = life.created.filter((urn) => !life.deleted.includes(urn)).map(nameOf);
  expect(left.sort()).toEqual(
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
  const planned = await preview({
    ...programOptions("gcp"),
    backendDir: temporaryFolder(),
    unreachableClusters: "plan",
  });
  expect(planned.failed).toEqual([]);
  const names = planned.steps.filter(({ op }) => op === "create").map(({ urn }) => urn.split("::").at(-1));
  expect(names).toEqual(expect.arrayContaining(life.created.map(nameOf)));
}, 60_000);

test("what holds data is protected, and keys with it", async () => {
  const planned = await preview({
    ...programOptions("gcp", true),
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
