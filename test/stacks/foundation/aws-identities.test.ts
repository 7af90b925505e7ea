import { expect, test } from "vitest";
import { ACCOUNT, json, REGION } from "../../components/aws/aws-outputs.ts";
import { find } from "../../components/record.ts";
import { buildLayers, connected, model } from "./aws-layers.ts";

test("Cluster Autoscaler may change only the groups of its own cluster, and runs an image by digest", async () => {
  const { resources } = await buildLayers(connected);
  const { policy } = find(resources, "aws:iam/rolePolicy:RolePolicy", "cluster-autoscaler-access-policy");
  expect(json(policy)).toMatchObject({
    Statement: [
      { Sid: "SeeGroupsAndMachines" },
      { Sid: "SeeNodeGroups", Resource: `arn:aws:eks:${REGION}:${ACCOUNT}:nodegroup/slipway/*/*` },
      {
        Sid: "ScaleOwnGroups",
        Action: ["autoscaling:SetDesiredCapacity", "autoscaling:TerminateInstanceInAutoScalingGroup"],
        Condition: { StringEquals: { "aws:ResourceTag/k8s.io/cluster-autoscaler/slipway": "owned" } },
      },
    ],
  });
  expect(find(resources, "kubernetes:apps/v1:Deployment", "cluster-autoscaler-deployment")).toMatchObject({
    metadata: { namespace: "kube-system" },
    spec: {
      template: {
        spec: {
          containers: [
            { image: expect.stringMatching(/\/slipway\/cluster-autoscaler@sha256:a{64}$/) as string },
          ],
        },
      },
    },
  });
});

test("a service account that pushes has a role for its repositories and no others", async () => {
  const { resources, result } = await buildLayers((connection) =>
    connected(connection).identity({ namespace: "platform", serviceAccount: "training", access: "write" }),
  );
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

test("a role's name that AWS would refuse is cut and ends in a hash", async () => {
  const long = "a-name-of-forty-characters-which-is-long";
  const { resources } = await buildLayers((connection) =>
    connected(connection).identity({ namespace: long, serviceAccount: `${long}-drift`, access: "write" }),
  );
  const role = resources.find(({ type, name }) => type === "aws:iam/role:Role" && name.startsWith(long));
  expect(role?.name).toMatch(/^a-name-of-forty-.*-[0-9a-f]{8}$/);
  expect(role!.name.length).toBeLessThanOrEqual(56); // Pulumi appends 8 of the 64
});
