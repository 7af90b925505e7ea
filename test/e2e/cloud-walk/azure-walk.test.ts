import { azureCloud } from "./azure/azure-cloud.ts";
import { walkTheGuide } from "./steps.ts";

walkTheGuide({
  cloud: "Azure",
  stacks: { foundation: "prod-azure-foundation", platform: "prod-azure" },
  foundationEdits: (zone) => ({ "cloud.dns": { zone, ingress: true }, "cluster.version": "1.35" }),
  upgrade: {
    to: "1.36",
    type: "azure-native:containerservice:ManagedCluster",
    versionKey: "kubernetesVersion",
  },
  repositoryType: "azure-native:containerregistry:Registry",
  repositoryLayer: "foundation",
  secrets: { store: "azure-key-vault", nameOf: (secret) => secret },
  repositoryPrefix: "",
  strangers: "no answer",
  start: azureCloud,
});
