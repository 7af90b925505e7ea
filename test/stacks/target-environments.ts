export const stable = `sha256:${"a".repeat(64)}`;
export const next = `sha256:${"b".repeat(64)}`;

/** A service of production with a target. Its model is `pushback`, whatever its own name. */
const serviceOn = (target: object): object => ({
  workload: "flight-delays",
  modelName: "pushback",
  model: { digest: stable },
  target,
});
const production = (
  services: Record<string, object>,
): { production: { services: Record<string, object> } } => ({
  production: {
    services: { "in-cluster": { ...serviceOn({}), target: undefined }, ...services },
  },
});
const canary = { model: { digest: next }, percent: 10 };

/** Environments with every target of a cloud, by stack. */
export const TARGET_ENVIRONMENTS = {
  prod: production({
    pushback: serviceOn({ kind: "sagemaker", instanceType: "ml.c6i.large", maxInstances: 6, canary }),
    events: serviceOn({
      kind: "lambda",
      minInstances: 2,
      callers: ["arn:aws:iam::417366251839:role/gate"],
      canary: { stableVersion: "7", percent: 10 },
    }),
  }),
  "prod-gcp": production({
    pushback: serviceOn({ kind: "vertex", endpointId: "4711", maxInstances: 6, live: true, canary }),
    web: serviceOn({
      kind: "cloud-run",
      minInstances: 1,
      invokers: ["serviceAccount:gate@slipway-prod.iam.gserviceaccount.com"],
      canary: { stableRevision: "slipway-production-web-00007-abc", percent: 10 },
    }),
    events: serviceOn({ kind: "cloud-functions", topic: "projects/slipway-prod/topics/flights" }),
  }),
  "prod-azure": production({
    pushback: serviceOn({ kind: "azure-ml", maxInstances: 6, live: true, canary }),
    events: serviceOn({ kind: "azure-functions", image: `slipway/functions@${next}` }),
  }),
} as const;
export type TargetStack = keyof typeof TARGET_ENVIRONMENTS;

/** Kinds of these targets, for `cloud.targets` of the foundation. */
export const TARGETS: Readonly<Record<TargetStack, readonly string[]>> = {
  prod: ["sagemaker", "lambda"],
  "prod-gcp": ["vertex", "cloud-run", "cloud-functions"],
  "prod-azure": ["azure-ml", "azure-functions"],
};
