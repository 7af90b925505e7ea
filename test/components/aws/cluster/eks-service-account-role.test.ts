import { expect, test } from "vitest";
import {
  EksServiceAccountRole,
  type EksServiceAccountRoleArgs,
} from "../../../../components/aws/cluster/eks-service-account-role.ts";
import { find, list, record } from "../../record.ts";
import { json } from "../aws-outputs.ts";

const build = (args: Partial<EksServiceAccountRoleArgs> = {}) =>
  record(
    () =>
      new EksServiceAccountRole("role", {
        oidc: { providerArn: "arn:oidc", issuer: "oidc.eks.eu-central-1.amazonaws.com/id/ABC" },
        namespace: "staging",
        serviceAccount: "pushback",
        statements: [{ Sid: "Read", Action: ["s3:GetObject"], Resource: "arn:aws:s3:::objects/*" }],
        ...args,
      }),
  );

test("exactly one service account can assume the role", async () => {
  const { resources } = await build();
  expect(list(resources)).toEqual([
    "aws:iam/role:Role role-role",
    "aws:iam/rolePolicy:RolePolicy role-policy",
    "slipway:identity:EksServiceAccountRole role",
  ]);
  expect(json(find(resources, "aws:iam/role:Role", "role-role")["assumeRolePolicy"])).toEqual({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Sid: "ServiceAccount",
        Principal: { Federated: "arn:oidc" },
        Action: "sts:AssumeRoleWithWebIdentity",
        Condition: {
          StringEquals: {
            "oidc.eks.eu-central-1.amazonaws.com/id/ABC:sub": "system:serviceaccount:staging:pushback",
            "oidc.eks.eu-central-1.amazonaws.com/id/ABC:aud": "sts.amazonaws.com",
          },
        },
      },
    ],
  });
});

test("an annotation names the role, and pods need no metadata service", async () => {
  const { result } = await build();
  expect(result.identity).toMatchObject({ podLabels: {}, usesMetadataService: false });
  expect(Object.keys(result.identity.annotations)).toEqual([
    "eks.amazonaws.com/role-arn",
    "eks.amazonaws.com/sts-regional-endpoints",
  ]);
});

test.each([
  [{ serviceAccount: "*" }, "role: namespace and serviceAccount must be exact names, got staging and *"],
  [{ namespace: "" }, "role: namespace and serviceAccount must be exact names, got  and pushback"],
  [{ statements: [] }, "role: statements must say what the role may do, got none; leave the role out"],
])("refuses %o", async (args, message) => {
  await expect(build(args)).rejects.toThrow(message);
});
