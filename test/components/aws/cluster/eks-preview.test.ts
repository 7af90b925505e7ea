import * as pulumi from "@pulumi/pulumi";
import { expect, test } from "vitest";
import { EksCluster } from "../../../../components/aws/cluster/eks.ts";
import { AwsKey } from "../../../../components/aws/key.ts";
import { AwsVpc } from "../../../../components/aws/vpc.ts";
import { ACCOUNT, place } from "../aws-outputs.ts";

test("a preview takes the security group of a new cluster for unknown, not for undefined", async () => {
  await pulumi.runtime.setMocks(
    { newResource: ({ inputs }) => ({ id: "", state: inputs as object }), call: () => ({}) },
    "slipway",
    "test",
    true, // a preview
  );
  const logsKey = new AwsKey("logs", { description: "Logs", account: ACCOUNT });
  const network = new AwsVpc("network", { ...place, logsKey });
  const cluster = new EksCluster("cluster", { ...place, clusterName: "slipway", network, logsKey });
  expect(await isKnown(cluster.securityGroupId)).toBe(false);
  expect(await isKnown(cluster.clusterName)).toBe(true);
  await pulumi.runtime.disconnect();
});

/** Reads a field that the SDK's types hide. */
function isKnown(output: pulumi.Output<unknown>): Promise<boolean> {
  return (output as unknown as { isKnown: Promise<boolean> }).isKnown;
}
