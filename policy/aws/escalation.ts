import type { Field } from "../rule/field.ts";
import { rule } from "../rule/rule.ts";
import type { ResourceRule } from "../rule/rule.ts";
import { allows, policyDocuments, POLICY_HOLDERS, statements } from "./policy-document.ts";

/** `iam:*`, also with more wildcards. */
const ALL_OF_IAM = /^iam:[*?]+$/i;
/** Conditions on the service that gets the role. `…IfExists` and operators that exclude are true for the others too. */
const PASSED_TO = /^iam:PassedToService$/i;
const NAMES_SERVICES = /^(ForAnyValue:)?(StringEquals(IgnoreCase)?|StringLike)$/i;
/** Conditions that limit which rights are given. */
const LIMITS_RIGHTS = /^iam:(PermissionsBoundary|PolicyARN)$/i;

/** Actions that give rights to a user, a group or a role, or let one act as them. */
const GIVES_RIGHTS = [
  "AddUserToGroup",
  "AttachGroupPolicy",
  "AttachRolePolicy",
  "AttachUserPolicy",
  "CreateAccessKey",
  "CreateLoginProfile",
  "CreatePolicyVersion",
  "PutGroupPolicy",
  "PutRolePolicy",
  "PutUserPolicy",
  "SetDefaultPolicyVersion",
  "UpdateAssumeRolePolicy",
  "UpdateLoginProfile",
].map((action) => `iam:${action}`);

/** Kinds of resources that get rights. A name that nobody has stands for all names. */
const ANY_NAME = ["role", "user", "group", "policy"].map((kind) => `${kind}/no-such-name-0b5c4e2d`);

/** Whether a text with the wildcards of IAM includes another text. */
function includes(pattern: string, text: string): boolean {
  const source = pattern
    .replaceAll(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll(/\*+/g, ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${source}$`, "is").test(text);
}

/** Whether an action of IAM includes one of these. Actions for every service have a rule of their own. */
function includesAction(action: string, of: readonly string[]): boolean {
  return /^iam:/i.test(action) && of.some((each) => includes(action, each));
}

/** Whether a resource includes roles, users, groups or policies of any name, in any spelling of the wildcards. */
function isAnyName(resource: string): boolean {
  const named = (part: string | undefined, otherwise: string): string =>
    part === undefined || /[*?]/.test(part) ? otherwise : part;
  const [, partition, , , account] = resource.split(":");
  const owner = `arn:${named(partition, "aws")}:iam::${named(account, "123456789012")}`;
  return ANY_NAME.some((name) => includes(resource, `${owner}:${name}`));
}

/** Returns the resources of a statement that anyone's role is among: wildcards, and `NotResource`, which names the others. */
function anyNames(statement: Field): Field[] {
  const excluded = statement.at("NotResource");
  if (!excluded.isMissing && !excluded.isUnknown) return [excluded];
  return statement
    .at("Resource")
    .items()
    .filter((resource) => isAnyName(resource.text ?? ""));
}

function conditions(statement: Field): { operator: string; key: string; value: Field }[] {
  return statement
    .at("Condition")
    .entries()
    .flatMap(([operator, tests]) => tests.entries().map(([key, value]) => ({ operator, key, value })));
}

function hasUnknownCondition(statement: Field): boolean {
  const condition = statement.at("Condition");
  return condition.isUnknown || condition.entries().some(([, tests]) => tests.isUnknown);
}

function isLimitedToServices(statement: Field): boolean {
  if (hasUnknownCondition(statement)) return true;
  return conditions(statement).some(
    ({ operator, key, value }) =>
      PASSED_TO.test(key) &&
      NAMES_SERVICES.test(operator) &&
      !value.items().some((item) => /^[*?]/.test(item.text ?? "")),
  );
}

function isLimitedInRights(statement: Field): boolean {
  if (hasUnknownCondition(statement)) return true;
  return conditions(statement).some(({ key }) => LIMITS_RIGHTS.test(key));
}

function checkStatement(statement: Field, report: (message: string) => void): void {
  for (const action of statement.at("Action").items()) {
    const text = action.text ?? "";
    if (ALL_OF_IAM.test(text))
      report(
        `${action.path} must list actions of IAM, got ${action.shown}: its owner could take every right`,
      );
    else if (includesAction(text, GIVES_RIGHTS) && !isLimitedInRights(statement))
      for (const resource of anyNames(statement))
        report(
          `${resource.path} must name what ${action.shown} may change, got ${resource.shown}: its owner could give himself every right`,
        );
    else if (includesAction(text, ["iam:PassRole"]) && !isLimitedToServices(statement))
      for (const resource of anyNames(statement))
        report(
          `${resource.path} must name the roles that ${action.shown} may pass, got ${resource.shown}: its owner could act as any role`,
        );
  }
}

export const escalationRules: ResourceRule[] = [
  rule({
    name: "aws-iam-no-escalation",
    title: "IAM policies let nobody give himself more rights",
    severity: "critical",
    source: ["CKV_AWS_286", "CKV_AWS_289"],
    fix: "list the actions of IAM, and name their roles, users and policies, or test iam:PassedToService or iam:PermissionsBoundary",
    types: POLICY_HOLDERS,
    check: ({ properties }, report) => {
      for (const document of policyDocuments(properties))
        for (const statement of statements(document).filter(allows)) checkStatement(statement, report);
    },
  }),
];
