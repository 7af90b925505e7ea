import { expect, test } from "vitest";
import type { AddOnImage } from "../../../components/internal/add-on-images.ts";
import type { ImagesLock } from "../../../components/internal/images-lock.ts";
import { awsFoundation } from "../../../stacks/clouds/aws.ts";
import type { Foundation } from "../../../stacks/clouds/foundation.ts";
import { cloudSchema } from "../../../stacks/schema/cloud.ts";
import { clusterSchema, type EksConfig } from "../../../stacks/schema/cluster.ts";
import { ACCOUNT, json, recordAws, REGION } from "../../components/record-aws.ts";
import { find, list } from "../../components/record.ts";
import { lock } from "../../components/stage.ts";

const addOns: AddOnImage[] = ["cluster-autoscaler", "dcgm-exporter", "neuron-device-plugin"];
const images = {
  ...lock,
  images: {
    ...lock.images,
    ...Object.fromEntries(
      addOns.map((name, index) => [
        name,
        { repository: `slipway/${name}`, digest: `sha256:${"abc"[index]?.repeat(64)}`, sizeBytes: 1, source: "test" },
      ]),
    ),
  },
} as ImagesLock;
const model = "flight-delays/pushback/model";

const build = <T>(
  use: (foundation: Foundation) => T,
  cluster: object = {},
  cloud: object = {},
) =>
  recordAws(() =>
    use(
      awsFoundation({
        cluster: clusterSchema.parse({ kind: "eks", account: ACCOUNT, region: REGION, ...cluster }) as EksConfig,
        cloud: cloudSchema.parse({
          prefix: "slipway",
          tags: { owner: "ml", environment: "prod" },
          budget: { monthlyUsd: 5000, emails: ["ml@example.com"] },
          ...cloud,
        }),
      }),
    ),
  );
const withRegistry = (foundation: Foundation) => ({
  foundation,
  registry: foundation.registry({
    url: `https://${ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com`,
    dockerConfig: undefined,
    images,
    environments: [],
    repositories: [model],
  }),
});

test("everything of AWS goes through one provider that is bound to the account and the region, and tags what it makes", async () => {
  const { resources } = await build(withRegistry, { gpuPools: { l4: { type: "nvidia-l4", count: 1, max: 4, timeSlicing: 2, spot: true } } }, { redis: { memoryGib: 12 }, database: {}, dns: { zone: "ml.example.com" }, secrets: ["slack-webhook"] });
  expect(find(resources, "pulumi:providers:aws", "aws")).toMatchObject({
    region: REGION,
    allowedAccountIds: `["${ACCOUNT}"]`,
    defaultTags: '{"tags":{"owner":"ml","environment":"prod"}}',
  });
  console.log(list(resources).join("\n"));
});

test("a service account that pushes has a role that names the repositories it pushes to, and no others", async () => {
  const { resources, result } = await build((foundation) => {
    withRegistry(foundation);
    return foundation.identity({ namespace: "platform", serviceAccount: "training", access: "write" });
  });
  expect(result?.usesMetadataService).toBe(false);
  const { policy } = find(resources, "aws:iam/rolePolicy:RolePolicy", "platform-training-identity-policy");
  expect(json(policy)).toMatchObject({
    Statement: [
      { Action: ["ecr:GetAuthorizationToken"], Resource: "*" },
      { Sid: "PullArtifacts", Resource: [`arn:aws:ecr:${REGION}:${ACCOUNT}:repository/${model}`] },
      { Sid: "PushArtifacts", Resource: [`arn:aws:ecr:${REGION}:${ACCOUNT}:repository/${model}`] },
      { Sid: "ListObjects" },
      { Sid: "WriteObjects", Resource: `arn:aws:s3:::slipway-${ACCOUNT}-${REGION}/*` },
      { Sid: "UseKeyOfObjects", Resource: "arn:objects-encryption-key" },
    ],
  });
});

test("an identity before its registry is an error that names the service account", async () => {
  await expect(
    build((foundation) =>
      foundation.identity({ namespace: "staging", serviceAccount: "pushback", access: "read" }),
    ),
  ).rejects.toThrow("pushback: the registry must be there before its identity");
});
