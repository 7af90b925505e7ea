import { azureProgram } from "./cloud-programs.ts";
import { livesInOrder } from "./lives-in-order.ts";

livesInOrder(azureProgram, [
  ["group-group", "network-network"],
  ["network-nat", "cluster-cluster", "nodes leave through it"],
  ["network-network", "cluster-cluster"],
]);
