const hex = (digit: string): string => digit.repeat(64);

export const model = `flight-delays/pushback/model@sha256:${hex("a")}`;
export const nextModel = `flight-delays/pushback/model@sha256:${hex("b")}`;
export const digest = `sha256:${hex("1")}`;
/** Host of a registry on AWS. */
export const ecr = "111122223333.dkr.ecr.eu-central-1.amazonaws.com";
export const kmsKeyArn = "arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";

/** Returns the variables as text, as a server gets them, for its own schema to check. */
export function asStrings(env: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(Object.entries(env).map(([name, value]) => [name, String(revealed(value))]));
}

/** Returns an input, or the value of a secret. A secret inside of an input makes the whole input a secret. */
export function revealed(value: unknown): unknown {
  return typeof value === "object" && value !== null && "secret" in value ? value.secret : value;
}
