import { expect, test } from "vitest";
import { preview } from "../../../local/engine/engine.ts";
import { gcpProgram } from "./cloud-programs.ts";
import { engineOptions } from "./fake-clouds.ts";
import { nameOf } from "./lifetimes.ts";
import { livesInOrder } from "./lives-in-order.ts";

livesInOrder(gcpProgram, [
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
  ["staging-pushback-identity-user", "staging-pushback-deployment", "the pod needs its rights until it ends"],
  ["platform-training-identity-user", "training-train", "the pod needs its rights until it ends"],
  ["redis-instance", "staging-pushback-deployment", "the pod uses Redis until it ends"],
  ["dns-certificates", "staging-gateway-gateway", "the gateway has its certificates from this map"],
  ["staging-gateway-address", "staging-gateway-gateway", "the gateway has this address"],
  ["staging-gateway-gateway", "staging-gateway-pushback-route"],
  [
    "staging-gateway-limits",
    "staging-gateway-pushback-backend",
    "Google keeps a policy while a backend has it",
  ],
  ["staging-gateway-pushback-backend", "staging-gateway-pushback-route", "no request passes without it"],
  ["dns-zone", "staging-gateway-pushback-record"],
  ["cluster-gke", "backup-plan", "the plan has the id of the cluster"],
  ["cluster-cpu-nodes", "backup-plan", "the agent of Backup for GKE runs on nodes"],
  ["backup-encryption-key", "backup-plan", "the backups are encrypted with the key"],
]);

test("resources with data, and their keys, are protected", async () => {
  const { foundation, platform } = engineOptions(gcpProgram, true);
  const protectedNames: string[] = [];
  for (const options of [foundation, platform])
    for (const { urn, newState } of (await preview(options)).steps)
      if (newState?.["protect"] === true) protectedNames.push(nameOf(urn));
  const keys = ["backup", "cluster", "database", "redis", "registry", "secrets", "storage"];
  expect(protectedNames.sort()).toEqual(
    [
      "backup-plan",
      "cluster-gke",
      "database-database",
      "database-instance",
      "dns-zone",
      "redis-instance",
      "registry-flight-delays",
      "registry-slipway",
      "secrets-slack-webhook",
      "staging-gateway-address",
      "storage-bucket",
      ...keys.flatMap((name) => [`${name}-encryption-key`, `${name}-encryption-ring`]),
    ].sort(),
  );
}, 60_000);
