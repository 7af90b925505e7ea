import type { Field } from "../rule/field.ts";
import { rule } from "../rule/rule.ts";
import type { ResourceRule } from "../rule/rule.ts";
import { allows, policyDocuments, POLICY_HOLDERS, statements } from "./policy-document.ts";

/** `iam:*`, also with more wildcards. */
const ALL_OF_IAM = /^iam:\*+$/i;
/** All resources, or the roles of any name. */
const ANY_ROLE = /^(\*+|arn:aws[a-z-]*:iam::[^:]*:(\*+|role\/\*+))$/;
/** A condition on the service that gets the role. */
const PASSED_TO = /^iam:PassedToService$/i;

/** Whether an action with wildcards includes `iam:PassRole`. Actions for every service have a rule of their own. */
function includesPassRole(action: string): boolean {
  if (!/^iam:/i.test(action)) return false;
  const pattern = action
    .replaceAll(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${pattern}$`, "i").test("iam:PassRole");
}

function isLimitedToServices(statement: Field): boolean {
  const condition = statement.at("Condition");
  if (condition.isUnknown) return true;
  return condition
    .entries()
    .some(
      ([, tests]) =>
        tests.isUnknown ||
        tests
          .entries()
          .some(([key, value]) => PASSED_TO.test(key) && !value.items().some((item) => item.is("*"))),
    );
}

function checkStatement(statement: Field, report: (message: string) => void): void {
  for (const action of statement.at("Action").items()) {
    const text = action.text ?? "";
    if (ALL_OF_IAM.test(text))
      report(
        `${action.path} must list actions of IAM, got ${action.shown}: its owner could take every right`,
      );
    else if (includesPassRole(text) && !isLimitedToServices(statement))
      for (const resource of statement.at("Resource").items())
        if (ANY_ROLE.test(resource.text ?? ""))
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
    fix: "list the actions of IAM, and name the roles of iam:PassRole or test iam:PassedToService",
    types: POLICY_HOLDERS,
    check: ({ properties }, report) => {
      for (const document of policyDocuments(properties))
        for (const statement of statements(document).filter(allows)) checkStatement(statement, report);
    },
  }),
];
