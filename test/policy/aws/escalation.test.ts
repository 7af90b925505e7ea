import { describe, expect, it, test } from "vitest";
import { judge, UNKNOWN } from "../judge.ts";
import { ref, type Planned } from "../violations/planned.ts";

const ACCOUNT = "111122223333";
const document = (statement: Record<string, unknown>): string =>
  JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", ...statement }] });
const findings = (policy: string, resources: readonly Planned[]): string[] =>
  judge(policy, resources).map(({ message }) => message);

describe("aws-iam-no-escalation", () => {
  const judged = (statement: Record<string, unknown>): string[] =>
    findings("aws-iam-no-escalation", [
      { name: "it", type: "aws:iam/policy:Policy", inputs: { policy: document(statement) } },
    ]);
  const services = { StringEquals: { "iam:PassedToService": "sagemaker.amazonaws.com" } };

  it.each([
    { Action: "iam:*", Resource: "*" },
    { Action: "IAM:*", Resource: `arn:aws:iam::${ACCOUNT}:role/ml-*` },
    { Action: ["s3:GetObject", "iam:PassRole"], Resource: "*" },
    { Action: "iam:Pass*", Resource: `arn:aws:iam::${ACCOUNT}:role/*` },
    { Action: "iam:PassRole", Resource: "*", Condition: { StringLike: { "iam:PassedToService": "*" } } },
    { Action: "iam:PassRole", Resource: ["*"], Condition: { Bool: { "aws:SecureTransport": "true" } } },
    { Action: "iam:PassRole", Resource: "arn:*:iam::*:role/*" },
    { Action: "iam:PassRole", Resource: `arn:aws:iam::${ACCOUNT}:role*` },
    { Action: "iam:PassRole", Resource: "arn:aws:iam::????????????:*" },
    { Action: "iam:PassRole", NotResource: `arn:aws:iam::${ACCOUNT}:role/admin` },
    {
      Action: "iam:PassRole",
      Resource: "*",
      Condition: { StringLike: { "iam:PassedToService": "*.amazonaws.com" } },
    },
    {
      Action: "iam:PassRole",
      Resource: "*",
      Condition: { StringNotEquals: { "iam:PassedToService": "ec2.amazonaws.com" } },
    },
    { Action: "iam:?*", Resource: "*" },
    { Action: "iam:AttachRolePolicy", Resource: "*" },
    { Action: "iam:Put*", Resource: `arn:aws:iam::${ACCOUNT}:user/*` },
    { Action: "iam:CreatePolicyVersion", Resource: `arn:aws:iam::${ACCOUNT}:policy/*` },
    {
      Action: "iam:AttachRolePolicy",
      Resource: "*",
      Condition: { Bool: { "aws:SecureTransport": "true" } },
    },
  ])("finds %j", (statement) => expect(judged(statement)).toHaveLength(1));

  it.each([
    { Action: ["iam:GetRole", "iam:ListRoles"], Resource: "*" },
    { Action: "iam:PassRole", Resource: `arn:aws:iam::${ACCOUNT}:role/serving` },
    { Action: "iam:PassRole", Resource: `arn:aws:iam::${ACCOUNT}:role/ml-*` },
    { Action: "iam:PassRole", Resource: "*", Condition: services },
    { Action: "iam:PassRole", Resource: UNKNOWN },
    { Effect: "Deny", Action: "iam:*", Resource: "*" },
    { Action: ["iam:AttachRolePolicy", "iam:PutRolePolicy"], Resource: `arn:aws:iam::${ACCOUNT}:role/ml-*` },
    {
      Action: "iam:AttachRolePolicy",
      Resource: "*",
      Condition: { ArnEquals: { "iam:PolicyARN": `arn:aws:iam::${ACCOUNT}:policy/reader` } },
    },
    { Action: "iam:PassRole", NotResource: UNKNOWN },
  ])("finds nothing in %j", (statement) => expect(judged(statement)).toEqual([]));

  it("reads the policies inside of a role and of a permission set", () => {
    const policy = document({ Action: "iam:*", Resource: "*" });
    const role: Planned = {
      name: "it",
      type: "aws:iam/role:Role",
      inputs: { inlinePolicies: [{ name: "all", policy }] },
    };
    const set: Planned = {
      name: "it",
      type: "aws:ssoadmin/permissionSetInlinePolicy:PermissionSetInlinePolicy",
      inputs: { inlinePolicy: policy },
    };
    for (const resource of [role, set]) expect(findings("aws-iam-no-escalation", [resource])).toHaveLength(1);
  });
});

describe("EKS Pod Identity", () => {
  const trust = (Principal: unknown, Condition: Record<string, unknown> = {}): string[] =>
    findings("platform-workload-identity-aws", [
      {
        name: "it",
        type: "aws:iam/role:Role",
        inputs: {
          assumeRolePolicy: document({ Principal, Action: ["sts:AssumeRole", "sts:TagSession"], Condition }),
        },
      },
    ]);
  const pods = { Service: "pods.eks.amazonaws.com" };

  test("a trust policy may leave the service account to the association, or name one", () => {
    expect(trust(pods)).toEqual([]);
    expect(trust(pods, { StringEquals: { "aws:RequestTag/kubernetes-namespace": "production" } })).toEqual(
      [],
    );
  });

  test("a trust policy for any service account, or for another service too, is found", () => {
    const [wildcard] = trust(pods, { StringLike: { "aws:RequestTag/kubernetes-service-account": "ml-*" } });
    expect(wildcard).toContain(
      'the trust policy must name one aws:RequestTag/kubernetes-service-account, got "ml-*"',
    );
    const [further] = trust({ Service: ["pods.eks.amazonaws.com", "ec2.amazonaws.com"] });
    expect(further).toContain(
      'a role for pods must trust pods.eks.amazonaws.com alone, got "ec2.amazonaws.com" too',
    );
  });

  const association = (name: string, serviceAccount: string, roleArn: unknown): Planned => ({
    name,
    type: "aws:eks/podIdentityAssociation:PodIdentityAssociation",
    inputs: { clusterName: "slipway", namespace: "production", serviceAccount, roleArn },
  });
  const role: Planned = { name: "role", type: "aws:iam/role:Role", inputs: {} };

  test("one role for two service accounts is found, also where its ARN is not known yet", () => {
    const arn = `arn:aws:iam::${ACCOUNT}:role/all`;
    const [shared] = findings("platform-pod-identity-aws", [
      association("a", "serving", arn),
      association("b", "drift", arn),
    ]);
    expect(shared).toContain("the role must be for production/drift alone, got production/serving too");
    expect(
      findings("platform-pod-identity-aws", [
        role,
        association("a", "serving", ref("role")),
        association("b", "drift", ref("role")),
      ]),
    ).toHaveLength(1);
  });

  test("the same service account in two clusters, and roles that nobody knows, are no finding", () => {
    const arn = `arn:aws:iam::${ACCOUNT}:role/serving`;
    expect(
      findings("platform-pod-identity-aws", [
        association("a", "serving", arn),
        association("b", "serving", arn),
        association("c", "drift", UNKNOWN),
      ]),
    ).toEqual([]);
  });
});

describe("a serverless cache", () => {
  const cache = (inputs: Record<string, unknown>, protect = true): Planned => ({
    name: "it",
    type: "aws:elasticache/serverlessCache:ServerlessCache",
    inputs,
    protect,
  });

  test("must have users, except of Memcached, and is encrypted without a setting", () => {
    expect(findings("aws-elasticache-auth", [cache({ engine: "redis" })])).toHaveLength(1);
    expect(findings("aws-elasticache-auth", [cache({ engine: "valkey", userGroupId: "apps" })])).toEqual([]);
    expect(findings("aws-elasticache-auth", [cache({ engine: "memcached" })])).toEqual([]);
    expect(findings("aws-elasticache-encrypted-in-transit", [cache({ engine: "redis" })])).toEqual([]);
  });

  test("holds data and must be protected", () => {
    expect(findings("platform-data-protected", [cache({}, false)])).toHaveLength(1);
    expect(findings("platform-data-protected", [cache({}, true)])).toEqual([]);
  });
});
