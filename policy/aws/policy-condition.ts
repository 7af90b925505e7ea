import type { Field } from "../rule/field.ts";

/**
 * Operators that hold only where the key is there and has one of the values. `ForAllValues:` and `…IfExists` hold
 * where the key is missing too, and `StringNotEquals` for everyone else: they confine nobody.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */
const EQUAL = /^(ForAnyValue:)?StringEquals(IgnoreCase)?$/i;
/** `ArnEquals` takes wildcards as `ArnLike` does. */
const LIKE = /^(ForAnyValue:)?(StringLike|ArnLike|ArnEquals)$/i;

const ACCOUNT = /^(aws:(PrincipalAccount|SourceAccount|ResourceAccount)|kms:CallerAccount)$/i;
const ORGANIZATION = /^aws:(PrincipalOrgID|SourceOrgID|PrincipalOrgPaths|SourceOrgPaths)$/i;
const ARN = /^aws:(PrincipalArn|SourceArn)$/i;

/** Whether a test of a condition holds only for accounts, organizations or resources that it names. */
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

/** Whether a value names an account, an organization or a bucket, whatever wildcards stand behind that. */
function isNamed(key: string, value: string, takesWildcards: boolean): boolean {
  if (value.trim() === "") return false;
  if (!takesWildcards) return true; // a wildcard is a plain character here
  if (ACCOUNT.test(key)) return !hasWildcard(value);
  if (ORGANIZATION.test(key)) return !hasWildcard(value.split("/")[0] ?? "");
  // arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE; a bucket's name is its own in all accounts.
  const [, , service = "*", , account = "*", ...resource] = value.split(":");
  if (account !== "") return !hasWildcard(account);
  return service === "s3" && !hasWildcard(resource.join(":").split("/")[0] ?? "*");
}

function hasWildcard(text: string): boolean {
  return /[*?]/.test(text);
}
