import type { Field } from "../rule/field.ts";

/**
 * Operators that are true only if the key exists and has one of the values. `ForAllValues:` and `…IfExists` are also true if
 * the key is missing, and `StringNotEquals` is true for everyone else, so they restrict nobody.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */
const EQUAL = /^(ForAnyValue:)?StringEquals(IgnoreCase)?$/i;
/** Operators whose values may have wildcards; `ArnEquals` behaves like `ArnLike`. */
const LIKE = /^(ForAnyValue:)?(StringLike|ArnLike|ArnEquals)$/i;

const ACCOUNT = /^(aws:(PrincipalAccount|SourceAccount|ResourceAccount)|kms:CallerAccount)$/i;
const ORGANIZATION = /^aws:(PrincipalOrgID|SourceOrgID|PrincipalOrgPaths|SourceOrgPaths)$/i;
const ARN = /^aws:(PrincipalArn|SourceArn)$/i;

/** Whether a test of a condition is true only for the accounts, organizations or resources that it names. */
export function confines(operator: string, key: string, value: Field): boolean {
  const takesWildcards = LIKE.test(operator);
  if (!takesWildcards && !EQUAL.test(operator)) return false;
  if (![ACCOUNT, ORGANIZATION, ARN].some((known) => known.test(key))) return false;
  if (value.isUnknown) return true;
  const values = value.items();
  return (
    values.length > 0 &&
    values.every((item) => item.isUnknown || isNamed(key, String(item.value), takesWildcards))
  );
}

/** Whether a value names a specific account, organization or bucket; the parts after that may have wildcards. */
function isNamed(key: string, value: string, takesWildcards: boolean): boolean {
  if (value.trim() === "") return false;
  if (!takesWildcards) return true; // these operators compare wildcards as plain characters
  if (ACCOUNT.test(key)) return !hasWildcard(value);
  if (ORGANIZATION.test(key)) return !hasWildcard(value.split("/")[0] ?? "");
  // arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE; bucket ARNs have no account, because bucket names are globally unique.
  const [, , service = "*", , account = "*", ...resource] = value.split(":");
  if (account !== "") return !hasWildcard(account);
  return service === "s3" && !hasWildcard(resource.join(":").split("/")[0] ?? "*");
}

function hasWildcard(text: string): boolean {
  return /[*?]/.test(text);
}
