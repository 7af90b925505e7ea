import { gcpCloud } from "./gcp/gcp-cloud.ts";
import { PROJECT } from "./gcp/gcp-place.ts";
import { walkTheGuide } from "./steps.ts";

walkTheGuide({
  cloud: "Google Cloud",
  stacks: { foundation: "prod-gcp-foundation", platform: "prod-gcp" },
  foundationEdits: (zone) => ({
    "cloud.dns": { zone, ingress: true },
    "cluster.version": "1.35",
  }),
  upgrade: { to: "1.36", type: "gcp:container/cluster:Cluster", versionKey: "minMasterVersion" },
  repositoryType: "gcp:artifactregistry/repository:Repository",
  repositoryLayer: "platform",
  secrets: { store: "gcp-secret-manager", nameOf: (secret) => `slipway-${secret}` },
  repositoryPrefix: `${PROJECT}/`,
  strangers: 403,
  start: gcpCloud,
});
