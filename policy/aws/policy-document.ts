import { Field } from "../rule/field.ts";
import { types } from "../rule/rule.ts";
import { confines } from "./policy-condition.ts";

/** Resource types that contain an IAM policy, or attach one to a user, a group or a role. */
export const POLICY_HOLDERS = types(
  "aws:iam/role:Role",
  "aws:iam/policy:Policy",
  "aws:iam/rolePolicy:RolePolicy",
  "aws:iam/userPolicy:UserPolicy",
  "aws:iam/groupPolicy:GroupPolicy",
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
  "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive",
  "aws:iam/userPolicyAttachment:UserPolicyAttachment",
  "aws:iam/userPolicyAttachmentsExclusive:UserPolicyAttachmentsExclusive",
  "aws:iam/groupPolicyAttachment:GroupPolicyAttachment",
  "aws:iam/groupPolicyAttachmentsExclusive:GroupPolicyAttachmentsExclusive",
  "aws:iam/policyAttachment:PolicyAttachment",
  "aws:ssoadmin/permissionSetInlinePolicy:PermissionSetInlinePolicy",
  "aws:ssoadmin/managedPolicyAttachment:ManagedPolicyAttachment",
);

/** Returns the IAM policies in a resource: its own, and those inside of a role. */
export function policyDocuments(properties: Field): Field[] {
  const inline = properties.at("inlinePolicies").items();
  return [properties, ...inline].flatMap((owner) => [owner.at("policy"), owner.at("inlinePolicy")]);
}

/** Returns the statements of an IAM policy that a property contains as JSON text or as an object. */
export function statements(document: Field): Field[] {
  const { text } = document;
  if (text === undefined) return document.at("Statement").items();
  try {
    return new Field({ document: JSON.parse(text) as unknown }).at("document.Statement").items();
  } catch {
    return [];
  }
}

/** Returns all principals of a statement: those of `AWS: ["…"]`, or a single `*`. */
export function principals(statement: Field): { kind: string; field: Field }[] {
  const principal = statement.at("Principal");
  if (principal.text !== undefined) return [{ kind: "AWS", field: principal }];
  return principal.entries().flatMap(([kind, named]) => named.items().map((field) => ({ kind, field })));
}

/** Whether a statement is known to allow, not to deny. */
export function allows(statement: Field): boolean {
  return statement.at("Effect").is("Allow");
}

/** Returns the principals of a policy that anyone can be: wildcards and `NotPrincipal`, without a condition that restricts them. */
export function openPrincipals(document: Field): Field[] {
  return statements(document).flatMap((statement) => {
    if (!allows(statement) || isConfined(statement)) return [];
    const excluded = statement.at("NotPrincipal");
    if (!excluded.isMissing && !excluded.isUnknown) return [excluded];
    return principals(statement)
      .filter(({ kind, field }) => field.is("*") || (kind === "AWS" && field.text?.includes("*") === true))
      .map(({ field }) => field);
  });
}

/** Whether a condition of a statement is true only for named accounts, organizations or resources. */
function isConfined(statement: Field): boolean {
  const condition = statement.at("Condition");
  if (condition.isUnknown) return true;
  return condition
    .entries()
    .some(
      ([operator, tests]) =>
        tests.isUnknown || tests.entries().some(([key, value]) => confines(operator, key, value)),
    );
}
