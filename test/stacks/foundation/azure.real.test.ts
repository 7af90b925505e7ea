import { azureProgram } from "./cloud-programs.ts";
import { livesInOrder } from "./lives-in-order.ts";

const ADMINS = "a3b1d7a0-9e1f-4a55-a7c6-0b8f0c2d1e33";

livesInOrder(azureProgram, [
  ["group-group", "network-network"],
  ["group-group", "network-vault-zone"],
  ["group-logs", "keys-audit"],
  ["network-nodes-rules", "network-network", "a subnet in use holds its rules"],
  ["network-nat", "network-network", "a subnet in use holds its gateway"],
  ["network-nat-address", "network-nat"],
  // The cluster.
  ["network-network", "cluster-cluster", "its machines and its API server lie in the network"],
  ["cluster-identities-nodes-subnet", "cluster-cluster", "it takes its machines out of the subnet itself"],
  ["cluster-identities-api-server-subnet", "cluster-cluster"],
  ["cluster-identities-kubelet-operator", "cluster-cluster"],
  ["cluster-identities-kubelet", "cluster-cluster"],
  ["cluster-identities-secrets-key", "cluster-cluster", "etcd is encrypted to the end"],
  ["cluster-identities-secrets-vault", "cluster-cluster"],
  ["keys-cluster-key", "cluster-cluster"],
  ["keys-private-names", "cluster-cluster", "it reaches the key by the private endpoint"],
  ["cluster-cluster", "cluster-cpu-pool"],
  ["cluster-cpu-pool", "platform-namespace", "pods need nodes"],
  ["cluster-a100-pool", "platform-namespace", "pods need nodes"],
  [`cluster-admins-${ADMINS}`, "platform-namespace", "whoever deploys has no other right"],
  ["cluster-control-plane-logs", "platform-namespace", "what is done in the cluster is on record"],
  ["cluster-authority", "platform-namespace", "it knows the API server by it"],
  ["gpu-system-namespace", "nvidia-device-plugin-a100-daemon"],
  // Private endpoints, and their names.
  ...(["keys", "secrets", "data", "flow-logs-storage", "registry", "redis"] as const).map(
    (of) => ["network-network", `${of}-private-endpoint`, "its address is the network's"] as const,
  ),
  ["network-vault-link", "keys-private-endpoint", "its name is in the zone until it goes"],
  ["network-vault-link", "secrets-private-endpoint"],
  ["network-blob-link", "data-private-endpoint"],
  ["network-registry-link", "registry-private-endpoint"],
  ["network-redis-link", "redis-private-endpoint"],
  ["network-blob-zone", "network-blob-link", "a zone with links cannot go"],
  ["network-network", "network-blob-link"],
  ["data-account", "data-private-endpoint", "an endpoint hangs on what it leads to"],
  ["registry-registry", "registry-private-endpoint"],
  ["redis-cluster", "redis-private-endpoint"],
  ["database-link", "database-server", "its name is in the zone until it goes"],
  ["database-zone", "database-link"],
  ["network-network", "database-server"],
  // Keys, and the roles that open them, outlive what they encrypt.
  ...(
    [
      "data-account",
      "flow-logs-storage-account",
      "registry-registry",
      "redis-cluster",
      "database-server",
    ] as const
  )
    .map((thing) => [
      ["keys-data-key", thing, "it is encrypted to the end"] as const,
      [`${thing.replace(/-[a-z]+$/, "")}-key-user-role`, thing, "it reads its key to the end"] as const,
    ])
    .flat(),
  ["keys-vault", "keys-data-key"],
  // Roles.
  ["flow-logs-writer-role", "flow-logs-flow-log", "the last records are written by it"],
  ["flow-logs-storage-account", "flow-logs-flow-log"],
  ["registry-registry", "registry-kubelet"],
  ["cluster-identities-kubelet", "registry-kubelet"],
  ["data-data-container", "platform-training-identity-data"],
  ["platform-training-identity-identity", "platform-training-identity-registry"],
  ["cluster-cluster", "platform-training-identity-credential"],
  ["staging-pushback-identity-registry", "staging-pushback-deployment", "a pod has its rights to the end"],
  ["staging-pushback-identity-credential", "staging-pushback-deployment", "a pod has its rights to the end"],
  ["platform-training-identity-data", "training-train", "a pod has its rights to the end"],
  ["redis-database", "staging-pushback-deployment", "a pod reads and logs to the end"],
  ["network-blob-zone", "data-private-names", "a record lies in its zone"],
  ["network-network", "flow-logs-flow-log", "it watches the network"],
  ["secrets-vault", "secrets-slack-webhook"],
]);
