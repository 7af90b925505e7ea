import { rule, types } from "../rule/rule.ts";
import type { ResourceRule } from "../rule/rule.ts";
import { allows, isConfined, principals, statements } from "./policy-document.ts";

const POLICIES = types(
  "aws:iam/policy:Policy",
  "aws:iam/rolePolicy:RolePolicy",
  "aws:iam/userPolicy:UserPolicy",
  "aws:iam/groupPolicy:GroupPolicy",
  "aws:ssoadmin/permissionSetInlinePolicy:PermissionSetInlinePolicy",
);

export const iamRules: ResourceRule[] = [
  rule({
    name: "aws-kms-key-principal",
    title: "Not everyone may use a key of KMS",
    severity: "critical",
    source: ["CKV_AWS_33"],
    fix: "name the accounts or roles that use the key",
    types: types("aws:kms/key:Key", "aws:kms/replicaKey:ReplicaKey", "aws:kms/keyPolicy:KeyPolicy"),
    check: ({ properties }, report) => {
      for (const statement of statements(properties.at("policy")))
        for (const { field } of principals(statement))
          if (allows(statement) && field.is("*") && !isConfined(statement))
            report(`${field.path} must not be *: whoever has an account of AWS could use the key`);
    },
  }),
  rule({
    name: "aws-iam-assume-role-principal",
    title: "Only who is named may assume a role",
    severity: "critical",
    source: ["CKV_AWS_61", "CKV_AWS_60"],
    fix: "name the services, roles or identity providers that assume the role",
    types: types("aws:iam/role:Role"),
    check: ({ properties }, report) => {
      for (const statement of statements(properties.at("assumeRolePolicy")))
        for (const { kind, field } of principals(statement)) {
          if (!allows(statement) || isConfined(statement)) continue;
          if (field.is("*")) report(`${field.path} must name a principal, got *`);
          else if (kind === "AWS" && field.text?.includes("*"))
            report(`${field.path} must not have a wildcard, got ${field.shown}`);
        }
    },
  }),
  rule({
    name: "aws-iam-no-star-action",
    title: "Policies of IAM list the actions that they allow",
    severity: "high",
    source: ["CKV_AWS_63", "CKV_AWS_62"],
    fix: "list the actions, such as s3:GetObject; at the least name the service",
    types: POLICIES,
    check: ({ properties }, report) => {
      for (const statement of statements(properties.at("policy")))
        for (const action of statement.at("Action").items())
          if (allows(statement) && action.is("*", "*:*"))
            report(`${action.path} must not be ${action.shown}`);
    },
  }),
];
