import { expect, test } from "vitest";
import { ACCOUNT, REGION } from "../../components/aws/aws-outputs.ts";
import { find, list } from "../../components/record.ts";
import { buildLayers, components, connected } from "./aws-layers.ts";

test("backups take the volumes by their tag, the bucket and the database, and copies have a key in their region", async () => {
  const { resources } = await buildLayers(
    connected,
    {},
    {
      database: {},
      backup: { copyRegion: "eu-west-1", copyRegistry: true },
    },
  );
  expect(components(resources)).toEqual(
    expect.arrayContaining([
      "slipway:backup:AwsBackup backup",
      "slipway:backup:EcrReplication registry-copies",
      "slipway:keys:AwsKey backup-copies-encryption",
      "slipway:keys:AwsKey backup-encryption",
    ]),
  );
  expect(find(resources, "aws:eks/addon:Addon", "cluster-ebs-csi-add-on")["configurationValues"]).toBe(
    '{"controller":{"extraVolumeTags":{"slipway-backup":"slipway"}}}',
  );
  expect(find(resources, "aws:backup/selection:Selection", "backup-stores")["resources"]).toEqual([
    `arn:aws:s3:::slipway-${ACCOUNT}-${REGION}`,
    "arn:database-instance",
  ]);
});

test("without cloud.backup nothing is backed up, and volumes have no tag of ours", async () => {
  const { resources } = await buildLayers(connected);
  expect(list(resources).filter((line) => /backup|replication/i.test(line))).toEqual([]);
  const addOn = find(resources, "aws:eks/addon:Addon", "cluster-ebs-csi-add-on");
  expect(addOn["configurationValues"]).toBeUndefined();
});
