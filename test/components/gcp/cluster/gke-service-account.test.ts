import type * as pulumi from "@pulumi/pulumi";
import { expect, test } from "vitest";
import { GkeServiceAccount } from "../../../../components/gcp/cluster/gke-service-account.ts";
import { find, list, record } from "../../record.ts";

const build = () =>
  record(() => {
    return new GkeServiceAccount("training-identity", {
      project: "acme-ml",
      prefix: "acme",
      namespace: "platform",
      serviceAccount: "training",
    });
  });

const value = async <T>(output: pulumi.Output<T> | undefined): Promise<T | undefined> =>
  output && new Promise((resolve) => output.apply(resolve));

test("an identity has an account and a binding to exactly one service account", async () => {
  const { resources } = await build();
  expect(list(resources.filter(({ name }) => name.startsWith("training")))).toEqual([
    "gcp:serviceaccount/account:Account training-identity-account",
    "gcp:serviceaccount/iAMMember:IAMMember training-identity-user",
    "slipway:identity:GkeServiceAccount training-identity",
  ]);
  expect(find(resources, "gcp:serviceaccount/iAMMember:IAMMember", "training-identity-user")).toMatchObject({
    role: "roles/iam.workloadIdentityUser",
    member: "serviceAccount:acme-ml.svc.id.goog[platform/training]",
  });
});

test("an annotation has the address, and pods use the metadata service", async () => {
  const { result } = await build();
  const email = "acme-platform-training@acme-ml.iam.gserviceaccount.com";
  expect(Object.keys(result.annotations)).toEqual(["iam.gke.io/gcp-service-account"]);
  expect(await value(result.annotations["iam.gke.io/gcp-service-account"])).toBe(email);
  expect(await value(result.member)).toBe(`serviceAccount:${email}`);
  expect(result.usesMetadataService).toBe(true);
  expect(result.podLabels).toEqual({});
});
