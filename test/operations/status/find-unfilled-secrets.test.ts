import { afterEach, beforeEach, expect, test } from "vitest";
import { findUnfilledSecrets } from "../../../operations/status/find-unfilled-secrets.ts";
import { Problems, type Problem } from "../../../operations/status/problems.ts";
import { fakeCluster, type FakeCluster } from "../fake-cluster.ts";

const path = (namespace: string): string =>
  `/apis/external-secrets.io/v1/namespaces/${namespace}/externalsecrets`;

let cluster: FakeCluster;
beforeEach(async () => {
  cluster = await fakeCluster();
});
afterEach(() => cluster.close());

async function found(): Promise<Problem[]> {
  const problems = new Problems();
  const namespaces = ["monitoring", "production", "monitoring"];
  await findUnfilledSecrets(cluster.kube, namespaces, { problems, fix: "npm run up" });
  return problems.list();
}

function externalSecret(store: string, key: string, ready: "True" | "False"): object {
  return {
    metadata: { name: "slack-webhook", namespace: "monitoring" },
    spec: { data: [{ sourceRef: { storeRef: { name: store } }, remoteRef: { key } }] },
    status: { conditions: [{ type: "Ready", status: ready, message: "could not get secret data" }] },
  };
}

test("a cluster without ExternalSecrets has no problem", async () => {
  expect(await found()).toEqual([]);
});

test("a Secret that is there is no problem", async () => {
  const items = [externalSecret("monitoring-secrets-vault", "slipway/slack", "True")];
  cluster.answers.set(path("monitoring"), { items });
  expect(await found()).toEqual([]);
});

test.each([
  [
    "aws-secrets-manager",
    "slipway/slack-webhook",
    "aws secretsmanager put-secret-value --secret-id slipway/slack-webhook --secret-string VALUE",
  ],
  [
    "gcp-secret-manager",
    "slipway-slack-webhook",
    "printf %s VALUE | gcloud secrets versions add slipway-slack-webhook --data-file=-",
  ],
  [
    "azure-key-vault",
    "slack-webhook",
    "az keyvault secret set --vault-name VAULT --name slack-webhook --value VALUE",
  ],
  ["vault", "slipway/slack", "write slipway/slack in Vault"],
  ["other", "slack", "fill slack in its store"],
])("a Secret that waits for a value in %s is a problem, with what fills it", async (store, key, fix) => {
  const items = [externalSecret(`monitoring-secrets-${store}`, key, "False")];
  cluster.answers.set(path("monitoring"), { items });
  expect(await found()).toEqual([
    {
      about: "secret monitoring/slack-webhook",
      reason: `Secret monitoring/slack-webhook waits for ${key} in the store: could not get secret data`,
      fix,
    },
  ]);
});

test("ExternalSecrets that may not be listed are a problem", async () => {
  cluster.answers.set(path("production"), 403);
  expect(await found()).toEqual([
    {
      about: "secrets of namespace production",
      reason: expect.stringContaining("403") as string,
      fix: "npm run up",
    },
  ]);
});
