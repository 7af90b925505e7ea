import type { Field } from "../rule/field.ts";
import { rule, types } from "../rule/rule.ts";
import type { ResourceRule } from "../rule/rule.ts";
import { allows, openPrincipals, policyDocuments, POLICY_HOLDERS, statements } from "./policy-document.ts";

/** AWS managed policies that allow all actions, all with few exceptions, or all of IAM, which gives all others. */
const ALL_ACTIONS = /^arn:aws[a-z-]*:iam::aws:policy\/(AdministratorAccess|PowerUserAccess|IAMFullAccess)$/;

/** Reports actions of a statement that match the actions of every service. */
function checkActions(statement: Field, report: (message: string) => void): void {
  const excluded = statement.at("NotAction");
  if (!excluded.isMissing) report(`${excluded.path} must be left out: it allows all actions except those`);
  for (const action of statement.at("Action").items())
    if (/^[*?]+(:[*?]+)?$/.test(action.text ?? ""))
      report(`${action.path} must list actions, got ${action.shown}`);
}

export const iamRules: ResourceRule[] = [
  rule({
    name: "aws-kms-key-principal",
    title: "Only named accounts and roles may use a KMS key",
    severity: "critical",
    source: ["CKV_AWS_33"],
    fix: "name the accounts or roles that use the key",
    types: types("aws:kms/key:Key", "aws:kms/replicaKey:ReplicaKey", "aws:kms/keyPolicy:KeyPolicy"),
    check: ({ properties }, report) => {
      for (const { path, shown } of openPrincipals(properties.at("policy")))
        report(
          `${path} must name accounts or roles, got ${shown}: anyone with an AWS account could use the key`,
        );
    },
  }),
  rule({
    name: "aws-iam-assume-role-principal",
    title: "Only named principals may assume a role",
    severity: "critical",
    source: ["CKV_AWS_61", "CKV_AWS_60"],
    fix: "name the services, roles or identity providers that assume the role",
    types: types("aws:iam/role:Role"),
    check: ({ properties }, report) => {
      for (const { path, shown } of openPrincipals(properties.at("assumeRolePolicy")))
        report(`${path} must name a principal, got ${shown}`);
    },
  }),
  rule({
    name: "aws-iam-no-star-action",
    title: "IAM policies list the actions that they allow",
    severity: "high",
    source: ["CKV_AWS_63", "CKV_AWS_62"],
    fix: "list the actions, such as s3:GetObject, or at least name the service",
    types: POLICY_HOLDERS,
    check: ({ properties }, report) => {
      for (const document of policyDocuments(properties))
        for (const statement of statements(document).filter(allows)) checkActions(statement, report);
      for (const path of ["policyArn", "managedPolicyArn", "policyArns", "managedPolicyArns"])
        for (const arn of properties.at(path).items())
          if (ALL_ACTIONS.test(arn.text ?? ""))
            report(`${arn.path} must not be ${arn.shown}: it does not list its actions`);
    },
  }),
];
