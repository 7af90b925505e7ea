import { describe, expect, it } from "vitest";
import { afterIdentity } from "../../../operations/doctor/after-identity.ts";
import type { Finding } from "../../../operations/doctor/finding.ts";
import { checkGcp } from "../../../operations/doctor/gcp/check-gcp.ts";
import { ANSWERS, planned, run } from "./gcp-account.ts";
import { fakeCloudCli, lines } from "./fake-cloud-cli.ts";
import { ofStack } from "./planned.ts";

describe("a project of Google Cloud", () => {
  it("has what the stack needs, but for GPUs of which another uses one", async () => {
    const found = Object.values(await run()).flat();
    expect(lines(found).filter((line) => !line.startsWith("ok "))).toEqual([
      "wrong PREEMPTIBLE_NVIDIA_L4_GPUS: 4, of which 1 in use: enough for the first up alone",
    ]);
  });

  it.each([
    [
      "that is not there, or not for this account",
      new Error(
        "ERROR: (gcloud.projects.describe) [me@example.com] does not have permission to access projects instance [acme-prod] (or it may not exist): The caller does not have permission",
      ),
      "gcloud projects create acme-prod, or set cluster.project to one that me@example.com may see",
    ],
    [
      "of a login that has ended",
      new Error(
        "ERROR: (gcloud.projects.describe) There was a problem refreshing your current auth tokens: invalid_grant: Token has been expired or revoked",
      ),
      "gcloud auth login && gcloud auth application-default login",
    ],
    ["that is being deleted", { lifecycleState: "DELETE_REQUESTED" }, "gcloud projects undelete acme-prod"],
  ])("%s is one finding, and nothing else is asked of it", async (_title, answer, fix) => {
    const cli = fakeCloudCli({ ...ANSWERS, "projects describe acme-prod": answer, "--version": {} });
    const options = {
      project: "acme-prod",
      region: "europe-west4",
      planned: ofStack(planned, { deployed: false }),
      today: new Date("2026-11-30"),
    };
    const found: Finding[] = [];
    for (const check of afterIdentity(cli, (gcloud) => checkGcp(gcloud, options)))
      found.push(...(await check.run()));
    expect(found).toMatchObject([
      { subject: "account that is logged in", state: "ok" },
      { subject: "project acme-prod", state: "wrong", fix },
      { subject: "Quotas, Machines, Names, Versions", found: "not asked: project acme-prod is wrong" },
    ]);
  });

  it("whose API of projects is off can be asked for all else", async () => {
    const found = await run({
      "projects describe acme-prod": new Error(
        "PERMISSION_DENIED: Cloud Resource Manager API has not been used in project 123 before or it is disabled",
      ),
    });
    const subjects = (found["Project, APIs and rights"] ?? []).map(({ subject }) => subject);
    expect(subjects).toContain("APIs that have to be on before the first up");
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

  it("that is fresh answers no quotas, machines and versions before two APIs are on", async () => {
    const off = (api: string): Error =>
      new Error(`ERROR: ${api} API has not been used in project 123 before or it is disabled`);
    const found = await run({
      "compute regions describe europe-west4": off("Compute Engine"),
      "compute machine-types list": off("Compute Engine"),
      "container get-server-config": off("Kubernetes Engine"),
    });
    const fixOf = (api: string): object => ({
      state: "unknown",
      fix: `gcloud services enable ${api}.googleapis.com --project acme-prod, and ask again; up does it otherwise`,
    });
    expect([found["Quotas"], found["Machines"], found["Versions"]]).toMatchObject([
      [fixOf("compute")],
      [fixOf("compute")],
      [fixOf("container")],
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
