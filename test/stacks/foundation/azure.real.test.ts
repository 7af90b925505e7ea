import { azureProgram } from "./cloud-programs.ts";
import { livesInOrder } from "./lives-in-order.ts";

const ADMINS = "a3b1d7a0-9e1f-4a55-a7c6-0b8f0c2d1e33";

livesInOrder(azureProgram, [
  ["group-group", "network-network"],
  ["group-group", "network-vault-zone"],
  ["group-logs", "keys-audit"],
  ["network-nodes-rules", "network-nodes-subnet", "Azure keeps the rules while a subnet uses them"],
  ["network-nat", "network-nodes-subnet", "Azure keeps the gateway while a subnet uses it"],
  ["network-network", "network-nodes-subnet"],
  ["network-nodes-subnet", "network-endpoints-subnet", "Azure changes one subnet at a time"],
  ["network-endpoints-subnet", "network-database-subnet"],
  ["network-database-subnet", "network-api-server-subnet"],
  ["network-nodes-subnet", "cluster-cluster"],
  ["network-api-server-subnet", "cluster-cluster"],
  [
    "network-api-server-subnet",
    "keys-private-endpoint",
    "Azure changes no subnet while an endpoint joins another",
  ],
  ["network-database-subnet", "database-server"],
  ["network-nat-address", "network-nat"],
  // The cluster.
  ["network-network", "cluster-cluster", "the nodes and the API server are in the network"],
  [
    "cluster-identities-nodes-subnet",
    "cluster-cluster",
    "AKS needs its rights to remove its nodes from the subnet",
  ],
  ["cluster-identities-api-server-subnet", "cluster-cluster"],
  ["cluster-identities-kubelet-operator", "cluster-cluster"],
  ["cluster-identities-kubelet", "cluster-cluster"],
  ["cluster-identities-secrets-key", "cluster-cluster", "etcd is encrypted with the key"],
  ["cluster-identities-secrets-vault", "cluster-cluster"],
  ["keys-cluster-key", "cluster-cluster"],
  ["keys-private-names", "cluster-cluster", "the cluster reaches the key through the private endpoint"],
  ["cluster-cluster", "cluster-cpu-pool"],
  ["keys-volumes-key", "cluster-volumes-encryption", "volumes are encrypted with the key"],
  ["cluster-volumes-encryption", "cluster-cluster", "volumes go with the cluster, and need it until then"],
  ["cluster-volumes-key", "cluster-cluster"],
  ["cluster-volumes-reader", "cluster-cluster"],
  ["cluster-pod-logs-association", "platform-namespace", "the output of every pod is kept"],
  ["cluster-cpu-pool", "platform-namespace", "pods need nodes"],
  ["cluster-a100-pool", "platform-namespace", "pods need nodes"],
  [`cluster-admins-${ADMINS}`, "platform-namespace", "whoever deploys has no other right"],
  ["cluster-control-plane-logs", "platform-namespace", "everything in the cluster is logged"],
  ["cluster-authority", "platform-namespace", "the provider verifies the API server with it"],
  ["gpu-system-namespace", "nvidia-device-plugin-a100-daemon"],
  // Private endpoints and their DNS names.
  ...(["keys", "secrets", "data", "flow-logs-storage", "registry", "redis"] as const).map(
    (of) => ["network-network", `${of}-private-endpoint`, "its address is the network's"] as const,
  ),
  ["network-vault-link", "keys-private-endpoint", "its DNS name is in the zone"],
  ["network-vault-link", "secrets-private-endpoint"],
  ["network-blob-link", "data-private-endpoint"],
  ["network-registry-link", "registry-private-endpoint"],
  ["network-redis-link", "redis-private-endpoint"],
  ["network-blob-zone", "network-blob-link", "Azure keeps a zone while it has links"],
  ["network-network", "network-blob-link"],
  ["data-account", "data-private-endpoint", "the endpoint leads to the account"],
  ["registry-registry", "registry-private-endpoint"],
  ["redis-cluster", "redis-private-endpoint"],
  ["database-link", "database-server", "its DNS name is in the zone"],
  ["database-zone", "database-link"],
  ["network-network", "database-server"],
  // Keys and their roles outlive the resources that they encrypt.
  ...(["data-account", "flow-logs-storage-account", "redis-cluster", "database-server"] as const)
    .map((thing) => [
      ["keys-data-key", thing, "the resource is encrypted with the key"] as const,
      [`${thing.replace(/-[a-z]+$/, "")}-key-user-role`, thing, "it reads its key to the end"] as const,
    ])
    .flat(),
  ["keys-vault", "keys-data-key"],
  // Roles.
  ["flow-logs-writer-role", "flow-logs-flow-log", "the flow log writes its last records with this role"],
  ["flow-logs-storage-account", "flow-logs-flow-log"],
  ["registry-registry", "registry-kubelet"],
  ["cluster-identities-kubelet", "registry-kubelet"],
  ["data-data-container", "platform-training-identity-data"],
  ["platform-training-identity-identity", "platform-training-identity-registry"],
  ["cluster-cluster", "platform-training-identity-credential"],
  [
    "staging-pushback-identity-registry",
    "staging-pushback-deployment",
    "the pod needs its rights until it ends",
  ],
  [
    "staging-pushback-identity-credential",
    "staging-pushback-deployment",
    "the pod needs its rights until it ends",
  ],
  ["platform-training-identity-data", "training-train", "the pod needs its rights until it ends"],
  ["redis-database", "staging-pushback-deployment", "the pod uses Redis until it ends"],
  ["network-blob-zone", "data-private-names", "the record is in the zone"],
  ["network-network", "flow-logs-flow-log", "the flow log observes the network"],
  ["secrets-vault", "secrets-slack-webhook"],
]);
