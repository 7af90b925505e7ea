import { z } from "zod";

const listSchema = z.union([z.string(), z.array(z.string())]).transform((value) => [value].flat());
const statementSchema = z.object({
  Effect: z.enum(["Allow", "Deny"]),
  Action: listSchema,
  Resource: listSchema.optional(),
  Principal: z.object({ Federated: z.string() }).optional(),
  Condition: z.record(z.string(), z.record(z.string(), listSchema)).optional(),
});
const policySchema = z.object({ Statement: z.array(statementSchema) });

export type Policy = z.infer<typeof policySchema>;

export function parsePolicy(text: unknown): Policy {
  return policySchema.parse(JSON.parse(z.string().parse(text)));
}

/** Whether policies allow an action on a resource. Conditions on rights are not evaluated: such a statement counts as it stands. */
export function allows(policies: readonly Policy[], action: string, resource: string): boolean {
  return policies.some(({ Statement }) =>
    Statement.some(
      ({ Effect, Action, Resource = [] }) =>
        Effect === "Allow" &&
        Action.some((pattern) => matches(pattern, action)) &&
        Resource.some((pattern) => matches(pattern, resource)),
    ),
  );
}

/** Whether a trust policy lets a token in: its provider, and each condition on its claims, exactly. */
export function trusts(
  policy: Policy,
  token: { provider: string; issuer: string; sub: string; aud: string[] },
): boolean {
  const claims: Record<string, string[]> = {
    [`${token.issuer}:sub`]: [token.sub],
    [`${token.issuer}:aud`]: token.aud,
  };
  return policy.Statement.some(
    ({ Effect, Action, Principal, Condition = {} }) =>
      Effect === "Allow" &&
      Action.includes("sts:AssumeRoleWithWebIdentity") &&
      Principal?.Federated === token.provider &&
      Object.entries(Condition).every(
        ([operator, values]) =>
          operator === "StringEquals" &&
          Object.entries(values).every(([claim, allowed]) =>
            (claims[claim] ?? []).some((value) => allowed.includes(value)),
          ),
      ),
  );
}

function matches(pattern: string, text: string): boolean {
  const escaped = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${escaped}$`).test(text);
}
