import { Field } from "../rule/field.ts";

/** Statements of a policy of IAM, which stands in a property as JSON text or as an object. */
export function statements(document: Field): Field[] {
  const { text } = document;
  if (text === undefined) return document.at("Statement").items();
  try {
    return new Field({ document: JSON.parse(text) as unknown }).at("document.Statement").items();
  } catch {
    return [];
  }
}

/** Everything that a statement names as its principal: `AWS: ["…"]`, or the one `*`. */
export function principals(statement: Field): { kind: string; field: Field }[] {
  const principal = statement.at("Principal");
  if (principal.text !== undefined) return [{ kind: "AWS", field: principal }];
  return principal.entries().flatMap(([kind, named]) => named.items().map((field) => ({ kind, field })));
}

export function allows(statement: Field): boolean {
  return statement.at("Effect").is("Allow");
}

/** A condition that holds only for this account or organization. */
export function isConfined(statement: Field): boolean {
  const keys =
    /^(aws:(principalaccount|sourceaccount|principalorgid|sourcearn|principalarn)|kms:calleraccount)$/i;
  return statement
    .at("Condition")
    .entries()
    .some(([, tests]) => tests.entries().some(([key]) => keys.test(key)));
}
