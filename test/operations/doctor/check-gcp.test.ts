import { describe, expect, it } from "vitest";
import { ANSWERS, run } from "./gcp-account.ts";
import { lines } from "./fake-cloud-cli.ts";

describe("a project of Google Cloud", () => {
  it("has what the stack needs, but for GPUs of which another uses one", async () => {
    const found = Object.values(await run()).flat();
    expect(lines(found).filter((line) => !line.startsWith("ok "))).toEqual([
      "wrong PREEMPTIBLE_NVIDIA_L4_GPUS: 4, of which 1 in use: enough for the first up alone",
    ]);
  });

  it.each([
    [{ billingAccountName: "", billingEnabled: false }, "wrong billing account: none"],
    [
      { billingAccountName: "billingAccounts/0A-1B-2C", billingEnabled: false },
      "wrong billing account: 0A-1B-2C, which is closed",
    ],
    [new Error("PERMISSION_DENIED"), "unknown billing account: PERMISSION_DENIED"],
  ])("has for its billing account %j", async (answer, expected) => {
    const found = await run({ "billing projects describe acme-prod": answer });
    expect(lines(found["Project, APIs and rights"] ?? [])).toContain(expected);
  });

  it("has a billing account whose policy gives its deployer no right to budgets", async () => {
    const found = await run({
      "billing accounts get-iam-policy 0A-1B-2C": {
        bindings: [{ role: "roles/billing.viewer", members: ["user:me@example.com"] }],
      },
    });
    expect(found["Project, APIs and rights"]).toContainEqual(
      expect.objectContaining({
        state: "unknown",
        found: "no such role of me@example.com itself; a group may give it one",
        fix: "gcloud billing accounts add-iam-policy-binding 0A-1B-2C --member user:me@example.com --role roles/billing.costsManager",
      }),
    );
  });

  it("has a billing account in another currency than the budget", async () => {
    const found = await run({ "billing accounts describe 0A-1B-2C": { open: true, currencyCode: "EUR" } });
    expect(lines(found["Project, APIs and rights"] ?? [])).toContain(
      "wrong currency of the billing account: EUR",
    );
  });

  it("has names that others took, or an earlier stack left; they are those of the stack after its first up", async () => {
    const taken = {
      "storage buckets describe gs://acme-prod-data": new Error(
        "ERROR: (gcloud.storage.buckets.describe) [me@example.com] does not have permission to access b instance [acme-prod-data] (or it may not exist)",
      ),
      "secrets list": [{ name: "projects/123/secrets/slipway-slack-webhook" }],
      "artifacts repositories list": [
        { name: "projects/acme-prod/locations/europe-west4/repositories/slipway" },
      ],
      "iam service-accounts list": [
        { name: "projects/acme-prod/serviceAccounts/slipway-training@acme-prod.iam.gserviceaccount.com" },
      ],
    };
    expect(lines((await run(taken))["Names"] ?? [])).toEqual([
      "wrong bucket acme-prod-data: taken, by a bucket that this account may not read",
      "wrong repositories of Artifact Registry: taken: slipway",
      "wrong secrets: taken: slipway-slack-webhook",
      "wrong service accounts: taken: slipway-training",
    ]);
    const own = { ...taken, "storage buckets describe gs://acme-prod-data": {} };
    const { Names = [] } = await run(own, { deployed: true });
    expect(Names.map(({ state }) => state)).toEqual(["ok", "ok", "ok", "ok"]);
  });

  it("that is fresh has no name taken: the APIs of its kinds are off", async () => {
    const off = new Error(
      "ERROR: (gcloud.secrets.list) PERMISSION_DENIED: Secret Manager API has not been used in project 123 before or it is disabled.",
    );
    const { Names = [] } = await run({
      "secrets list": off,
      "artifacts repositories list": off,
      "iam service-accounts list": new Error("PERMISSION_DENIED"),
    });
    expect(lines(Names)).toEqual([
      "ok bucket acme-prod-data: free",
      "ok repositories of Artifact Registry: no other has them",
      "ok secrets: no other has them",
      "unknown service accounts: PERMISSION_DENIED",
    ]);
  });

  it.each([
    ["2027-01-11", "ok Kubernetes 1.35: until 2027-04-11, 90 days"],
    ["2027-01-12", "wrong Kubernetes 1.35: until 2027-04-11, 89 days"],
  ])("on %s: %s", async (today, expected) => {
    const { Versions = [] } = await run({}, { today });
    expect(lines(Versions)).toEqual([expected]);
  });

  it("lacks an API that up cannot switch on by itself", async () => {
    const found = await run({ "services list": [{ config: { name: "serviceusage.googleapis.com" } }] });
    expect(found["Project, APIs and rights"]).toContainEqual(
      expect.objectContaining({
        state: "wrong",
        found: "off: cloudresourcemanager.googleapis.com",
        fix: "gcloud services enable cloudresourcemanager.googleapis.com --project acme-prod",
      }),
    );
  });

  it.each([
    [
      { bindings: [{ role: "roles/editor", members: ["user:me@example.com"] }] },
      "wrong rights of a first up: roles/editor",
    ],
    [
      { bindings: [{ role: "roles/owner", members: ["group:all@example.com"] }] },
      "unknown rights of a first up: no role of me@example.com itself; a group may give it some",
    ],
  ])("gives its deployer %j", async (policy, expected) => {
    const found = await run({ "projects get-iam-policy": policy });
    expect(lines(found["Project, APIs and rights"] ?? [])).toContain(expected);
  });

  it("does not offer the version, or nobody is logged in, or nothing may be asked", async () => {
    const old = await run({ "container get-server-config": { validMasterVersions: ["1.37.0-gke.1"] } });
    expect(old["Versions"]).toMatchObject([
      { state: "wrong", found: "offered: 1.37", fix: 'cluster.version: "1.37"' },
    ]);
    const out = await run({ "auth list": [] });
    expect(lines(out["Project, APIs and rights"] ?? [])).toEqual(["wrong account that is logged in: none"]);
    const refused = await run(
      Object.fromEntries(Object.keys(ANSWERS).map((key) => [key, new Error("PERMISSION_DENIED")])),
    );
    expect(lines(refused["Quotas"] ?? [])).toEqual(["unknown quotas of Compute Engine: PERMISSION_DENIED"]);
  });
});
