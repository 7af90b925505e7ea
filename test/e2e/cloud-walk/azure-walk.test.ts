import { azureCloud } from "./azure/azure-cloud.ts";
import { walkTheGuide } from "./steps.ts";

walkTheGuide({
  cloud: "Azure",
  stacks: { foundation: "prod-azure-foundation", platform: "prod-azure" },
  foundationEdits: () => ({ "cluster.version": "1.35" }),
  upgrade: {
    to: "1.36",
    type: "azure-native:containerservice:ManagedCluster",
    versionKey: "kubernetesVersion",
  },
  repositoryType: "azure-native:containerregistry:Registry",
  repositoryLayer: "foundation",
  gateways: false,
  secrets: { store: "azure-key-vault", nameOf: (secret) => secret },
  repositoryPrefix: "",
  start: azureCloud,
});
