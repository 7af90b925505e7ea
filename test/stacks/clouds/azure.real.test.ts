import { beforeAll, expect, test } from "vitest";
import { preview } from "../../../local/engine/engine.ts";
import { azureOutputs } from "../../components/azure-outputs.ts";
import { liveAndDie, nameOf, orderFaults, outlivedBy, programOptions, type Life } from "./life.ts";

let life: Life;
beforeAll(async () => {
  life = await liveAndDie("azure", { "azure-native": azureOutputs });
}, 120_000);

test("nothing is made before what it needs, nothing outlives it, and nothing is left", () => {
  expect(orderFaults(life)).toEqual([]);
  expect(orderFaults({ ...life, deleted: life.deleted.toReversed() })).not.toEqual([]);
  expect(orderFaults({ ...life, created: life.created.toReversed() })).not.toEqual([]);
  expect(life.left).toBe(0);
});

test.each([
  ["platform-namespace", "cluster-cpu-pool", "pods need nodes"],
  ["platform-namespace", "cluster-a100-pool", "a device plugin needs its nodes"],
  ["platform-namespace", "cluster-cluster", "what is in a cluster goes before it"],
  ["cluster-cluster", "network-network", "its machines lie in the network"],
  ["cluster-cluster", "network-nat", "nodes reach the world through it from the start"],
  ["cluster-cluster", "cluster-identities-nodes-subnet", "it joins nodes to the subnet as its identity"],
  ["cluster-cluster", "cluster-identities-api-server-subnet", "it puts its API server into the subnet"],
  ["cluster-cluster", "cluster-identities-secrets-key", "it encrypts its secrets with the key"],
  ["cluster-cluster", "cluster-identities-kubelet-operator", "it gives nodes an identity that it may use"],
  ["cluster-cluster", "keys-private-names", "it finds the vault by the private name"],
  ["network-network", "network-nat", "a subnet names its gateway"],
  ["network-nat", "network-nat-address", "a gateway holds its address"],
  ["network-blob-link", "network-blob-zone", "a zone that is linked cannot go"],
  ["network-blob-link", "network-network", "a link holds the network"],
  ["data-private-endpoint", "network-network", "an endpoint is an interface in a subnet"],
  ["data-private-endpoint", "network-blob-link", "Azure takes its name out of the zone that is linked"],
  ["data-private-names", "network-blob-zone", "a record lies in its zone"],
  ["data-account", "data-key-user-role", "it is encrypted as an identity that may use the key"],
  ["data-account", "keys-data-key", "what is encrypted needs its key"],
  ["registry-registry", "registry-key-user-role", "it is encrypted as an identity that may use the key"],
  ["redis-cluster", "redis-key-user-role", "it is encrypted as an identity that may use the key"],
  ["database-server", "database-key-user-role", "it is encrypted as an identity that may use the key"],
  ["database-server", "database-link", "a server in a network is found by its zone"],
  ["database-server", "network-network", "a server's interface holds the subnet"],
  ["flow-logs-flow-log", "flow-logs-storage-account", "it writes there to the end"],
  ["flow-logs-flow-log", "flow-logs-writer-role", "it may write to the end"],
  ["flow-logs-flow-log", "network-network", "it watches the network"],
  ["keys-audit", "group-logs", "it writes there to the end"],
  ["platform-training-identity-credential", "cluster-cluster", "it trusts the cluster's issuer"],
  ["platform-training-identity-registry", "registry-registry", "a grant is on what is there"],
  ["keys-vault", "group-group", "a group goes last"],
])("%s goes before %s: %s", (first, then) => {
  expect(outlivedBy(life, first, then)).toBe(true);
});

test("only what goes with what it is part of is not deleted by itself", () => {
  const owners = life.created
    .filter((urn) => !life.deleted.includes(urn))
    .map((urn) => nameOf(life.goesWith.get(urn) ?? ""));
  expect([...new Set(owners)].sort()).toEqual([
    "cluster-cluster",
    "data-account",
    "data-private-endpoint",
    "database-server",
    "dns-zone",
    "flow-logs-storage-account",
    "flow-logs-storage-private-endpoint",
    "gpu-system-namespace",
    "keys-private-endpoint",
    "keys-vault",
    "platform-namespace",
    "platform-training-identity-identity",
    "redis-cluster",
    "redis-private-endpoint",
    "registry-private-endpoint",
    "secrets-private-endpoint",
    "secrets-vault",
  ]);
});

test("a first preview needs no credentials and no cluster", async () => {
  const planned = await preview({
    ...programOptions("azure"),
    backendDir: "/nonexistent/slipway-no-backend",
    unreachableClusters: "plan",
  });
  expect(planned.failed).toEqual([]);
  expect((planned.planned ?? []).map(({ urn }) => urn)).toEqual(expect.arrayContaining(life.created));
}, 60_000);
