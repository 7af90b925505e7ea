/** The least config of the cluster of each cloud, and of the cloud resources besides it. */
export const cloud = {
  prefix: "slipway",
  tags: { owner: "ml", environment: "production" },
  budget: { monthlyUsd: 1000, emails: ["ml@example.com"] },
};
export const eks = { kind: "eks", account: "417366251839", region: "eu-central-1" } as const;
export const gke = { kind: "gke", project: "slipway-prod", region: "europe-west4" } as const;
const guid = "6f1d3c5e-8a3b-4a52-9d0e-2f6b7c8d9e0f";
export const aks = {
  kind: "aks",
  subscription: guid,
  tenant: guid,
  adminGroups: [guid],
  region: "germanywestcentral",
} as const;
