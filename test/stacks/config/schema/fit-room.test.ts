import { expect, test } from "vitest";
import { DRIFT_JOB, QUOTA_DEFAULTS, SERVICE_DEFAULTS } from "../../../../stacks/config/schema/fit-room.ts";
import { driftEnvSchema } from "../../../../runtime/contract/env.ts";
import { DRIFT_DEFAULTS } from "../../../../stacks/config/schema/fit-together.ts";
import { find } from "../../../components/record.ts";
import { digest, stack } from "../../stack.ts";
import { GKE_POOL_DEFAULTS } from "../../../../stacks/config/schema/fit-gke-limits.ts";
import { parseCluster } from "./parse-cluster.ts";

/** A stack whose config has only the required keys. */
const plain = await stack("dev", {
  "slipway:environments": {
    plain: { services: { pushback: { workload: "flight-delays", model: { digest } } } },
  },
});
interface Pod {
  containers: {
    resources: { requests: Record<string, string>; limits: Record<string, string> };
  }[];
}

test("the default resources of a service are those of its component", () => {
  const deployment = find(plain, "kubernetes:apps/v1:Deployment", "plain-pushback-deployment");
  const { replicas, template } = deployment["spec"] as { replicas: number; template: { spec: Pod } };
  expect(replicas).toBe(SERVICE_DEFAULTS.replicas);
  expect(template.spec.containers[0]?.resources).toMatchObject({
    requests: { cpu: `${SERVICE_DEFAULTS.cpuRequestMillis}m` },
    limits: { cpu: `${SERVICE_DEFAULTS.cpuLimitMillis}m`, memory: `${SERVICE_DEFAULTS.memoryMib}Mi` },
  });
});

test("the resources of its drift job are those of the component", () => {
  const job = find(plain, "kubernetes:batch/v1:CronJob", "plain-pushback-drift-job");
  const { jobTemplate } = job["spec"] as { jobTemplate: { spec: { template: { spec: Pod } } } };
  expect(jobTemplate.spec.template.spec.containers[0]?.resources).toMatchObject({
    requests: { cpu: `${DRIFT_JOB.cpuRequestMillis}m` },
    limits: { memory: `${DRIFT_JOB.memoryMib}Mi` },
  });
});

test("the default quota of an environment is that of its component", () => {
  const quota = find(plain, "kubernetes:core/v1:ResourceQuota", "plain-quota");
  expect(quota["spec"]).toMatchObject({
    hard: {
      "requests.cpu": `${QUOTA_DEFAULTS.cpuRequestMillis}m`,
      "limits.memory": `${QUOTA_DEFAULTS.memoryMib}Mi`,
      pods: String(QUOTA_DEFAULTS.pods),
    },
  });
});

test("the default rows of the drift job are those of its contract", () => {
  const { SLIPWAY_DRIFT_MIN_ROWS: minRows, SLIPWAY_DRIFT_WINDOW_ROWS: windowRows } = driftEnvSchema.shape;
  expect({ minRows: minRows.parse(undefined), windowRows: windowRows.parse(undefined) }).toEqual(
    DRIFT_DEFAULTS,
  );
});

test.each([
  ["a fixed number of pods", { replicas: 80 }, "or lower replicas"],
  [
    "an autoscaler",
    { autoscaling: { maxReplicas: 80 } },
    "autoscaling.maxReplicas: must fit the environment's quota of 50 pods",
  ],
  ["an autoscaler", { autoscaling: { maxReplicas: 80 } }, "or lower autoscaling.maxReplicas"],
])("names the key that asks for too many pods: %s", (_title, settings, message) => {
  const services = { pushback: { workload: "flight-delays", memoryMib: 256, ...settings } };
  const environments = { production: { services, quota: { memoryMib: 100_000, cpuRequestMillis: 100_000 } } };
  expect(() => parseCluster({ environments })).toThrow(message);
});

test("the default nodes of a pool on GKE are those of its component", async () => {
  const pools = await stack("prod-gcp-foundation", {
    "slipway:cluster": { kind: "gke", project: "slipway-prod", region: "europe-west4" },
  });
  for (const name of ["cluster-system-nodes", "cluster-cpu-nodes"])
    expect(find(pools, "gcp:container/nodePool:NodePool", name)).toMatchObject({
      nodeConfig: { machineType: GKE_POOL_DEFAULTS.machine },
      autoscaling: { totalMinNodeCount: GKE_POOL_DEFAULTS.min },
    });
});
