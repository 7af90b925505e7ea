import { describe, expect, it, test } from "vitest";
import { judge, UNKNOWN } from "../judge.ts";

const ACCOUNT = "111122223333";

function document(statement: Record<string, unknown>): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", ...statement }] });
}

function findings(policy: string, type: string, inputs: Record<string, unknown>): string[] {
  return judge(policy, [{ name: "it", type, inputs }]).map(({ message }) => message);
}

describe("aws-iam-assume-role-principal", () => {
  const trusted = (Condition: Record<string, unknown>, Principal: unknown = "*"): string[] =>
    findings("aws-iam-assume-role-principal", "aws:iam/role:Role", {
      assumeRolePolicy: document({ Principal, Action: "sts:AssumeRole", Condition }),
    });

  it.each([
    { StringNotEquals: { "aws:PrincipalAccount": ACCOUNT } },
    { StringEqualsIfExists: { "aws:SourceAccount": ACCOUNT } },
    { "ForAllValues:StringEquals": { "aws:PrincipalOrgID": "o-abc" } },
    { Null: { "aws:PrincipalOrgID": "false" } },
    { StringLike: { "aws:PrincipalArn": "*" } },
    { StringLike: { "aws:PrincipalArn": "arn:aws:iam::*:role/deploy" } },
    { ArnEquals: { "aws:PrincipalArn": "arn:aws:iam::*:role/deploy" } },
    { StringLike: { "aws:PrincipalAccount": ["111122223333", "*"] } },
    { StringLike: { "aws:PrincipalOrgID": "o-*" } },
    { StringEquals: { "aws:PrincipalAccount": [] } },
    { StringEquals: { "sts:ExternalId": "public knowledge" } },
    { ArnLike: { "aws:SourceArn": "arn:aws:s3:::*" } },
  ])("does not accept %j as a restriction of a role", (condition) =>
    expect(trusted(condition)).toHaveLength(1),
  );

  it.each([
    { StringEquals: { "aws:PrincipalAccount": ACCOUNT } },
    { StringEqualsIgnoreCase: { "aws:principalorgid": "o-abc" } },
    { "ForAnyValue:StringLike": { "aws:PrincipalOrgPaths": "o-abc/*" } },
    { StringLike: { "aws:PrincipalArn": `arn:aws:iam::${ACCOUNT}:role/*` } },
    { ArnLike: { "aws:SourceArn": "arn:aws:s3:::our-bucket" } },
    { StringEquals: { "aws:PrincipalAccount": UNKNOWN } },
    { Bool: { "aws:SecureTransport": "true" }, StringEquals: { "aws:PrincipalOrgID": ["o-abc", "o-def"] } },
  ])("accepts %j as a restriction of a role", (condition) => expect(trusted(condition)).toEqual([]));

  it.each([
    { AWS: "*" },
    { AWS: [`arn:aws:iam::${ACCOUNT}:root`, "*"] },
    { Service: "*" },
    { AWS: "arn:aws:iam::*:root" },
  ])("finds the principal %j", (principal) => expect(trusted({}, principal)).toHaveLength(1));

  it("finds NotPrincipal", () => {
    const assumeRolePolicy = document({ NotPrincipal: { AWS: ACCOUNT }, Action: "sts:AssumeRole" });
    const [message] = findings("aws-iam-assume-role-principal", "aws:iam/role:Role", { assumeRolePolicy });
    expect(message).toMatch(/NotPrincipal must name a principal/);
  });
});

test.each([
  ["aws-kms-key-principal", "aws:kms/key:Key"],
  ["aws-ecr-not-public", "aws:ecr/repositoryPolicy:RepositoryPolicy"],
])("%s also checks the operator and the values of a condition", (policy, type) => {
  const judged = (Condition: Record<string, unknown>): string[] =>
    findings(policy, type, { policy: document({ Principal: "*", Action: "*", Condition }) });
  expect(judged({ StringNotEquals: { "aws:PrincipalAccount": ACCOUNT } })).toHaveLength(1);
  expect(judged({ StringEquals: { "aws:PrincipalAccount": ACCOUNT } })).toEqual([]);
});

describe("aws-iam-no-star-action", () => {
  const POLICY = "aws-iam-no-star-action";
  const everything = document({ Action: "*", Resource: "*" });

  it.each([
    ["aws:iam/policy:Policy", { policy: document({ NotAction: "iam:CreateUser", Resource: "*" }) }],
    ["aws:iam/policy:Policy", { policy: document({ Action: ["s3:GetObject", "*:*"], Resource: "*" }) }],
    ["aws:iam/policy:Policy", { policy: document({ Action: "**", Resource: "*" }) }],
    ["aws:iam/role:Role", { inlinePolicies: [{ name: "all", policy: everything }] }],
    ["aws:iam/role:Role", { managedPolicyArns: ["arn:aws:iam::aws:policy/AdministratorAccess"] }],
    [
      "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
      { policyArn: "arn:aws:iam::aws:policy/PowerUserAccess" },
    ],
    [
      "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive",
      { policyArns: ["arn:aws-cn:iam::aws:policy/AdministratorAccess"] },
    ],
    [
      "aws:ssoadmin/managedPolicyAttachment:ManagedPolicyAttachment",
      { managedPolicyArn: "arn:aws:iam::aws:policy/AdministratorAccess" },
    ],
  ])("finds in %s %j", (type, inputs) => expect(findings(POLICY, type, inputs)).toHaveLength(1));

  it.each([
    ["aws:iam/policy:Policy", { policy: document({ Effect: "Deny", NotAction: "iam:*", Resource: "*" }) }],
    ["aws:iam/policy:Policy", { policy: document({ Action: "s3:Get*", Resource: "*" }) }],
    ["aws:iam/role:Role", { managedPolicyArns: ["arn:aws:iam::aws:policy/AmazonEKSClusterPolicy"] }],
    ["aws:iam/role:Role", { managedPolicyArns: [UNKNOWN], inlinePolicies: UNKNOWN }],
  ])("finds nothing in %s %j", (type, inputs) => expect(findings(POLICY, type, inputs)).toEqual([]));
});

test.each([
  ["StringLike", "repo:acme/ml:*", 0],
  ["StringEquals", "repo:acme/ml:ref:refs/heads/main", 0],
  ["StringLike", "project_path:acme/ml:ref_type:branch:ref:*", 0],
  ["StringLike", "repo:acme/*", 1],
  ["StringLike", "repo:*", 1],
  ["StringLike", "*", 1],
  ["StringNotLike", "repo:acme/ml:*", 1],
])("a role for GitHub or GitLab with %s %s has %s findings", (operator, sub, count) => {
  const issuer = sub.startsWith("project") ? "gitlab.com/oidc" : "token.actions.githubusercontent.com";
  const assumeRolePolicy = document({
    Principal: { Federated: `arn:aws:iam::${ACCOUNT}:oidc-provider/${issuer}` },
    Action: "sts:AssumeRoleWithWebIdentity",
    Condition: { [operator]: { [`${issuer}:sub`]: sub } },
  });
  expect(findings("platform-workload-identity-aws", "aws:iam/role:Role", { assumeRolePolicy })).toHaveLength(
    count,
  );
});

test("platform-workload-identity-aws does not accept tests that are true without the claim", () => {
  const issuer = "oidc.eks.eu-central-1.amazonaws.com/id/ABC";
  const trust = (operator: string): Record<string, unknown> => ({
    assumeRolePolicy: document({
      Principal: { Federated: `arn:aws:iam::${ACCOUNT}:oidc-provider/${issuer}` },
      Action: "sts:AssumeRoleWithWebIdentity",
      Condition: {
        [operator]: {
          [`${issuer}:sub`]: "system:serviceaccount:production:pushback",
          [`${issuer}:aud`]: "sts.amazonaws.com",
        },
      },
    }),
  });
  const judged = (operator: string): string[] =>
    findings("platform-workload-identity-aws", "aws:iam/role:Role", trust(operator));
  expect(judged("StringEquals")).toEqual([]);
  for (const operator of ["ForAllValues:StringEquals", "StringEqualsIfExists", "StringNotEquals"])
    expect(judged(operator)).toHaveLength(2);
});
