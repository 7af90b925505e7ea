const hex = (digit: string): string => digit.repeat(64);

export const model = `flight-delays/pushback/model@sha256:${hex("a")}`;
export const nextModel = `flight-delays/pushback/model@sha256:${hex("b")}`;
export const digest = `sha256:${hex("1")}`;
/** Registry of AWS, and its runtime image. */
export const ecr = "111122223333.dkr.ecr.eu-central-1.amazonaws.com";
export const kmsKeyArn = "arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";

/** Variables as a server gets them, for its own schema to judge. */
export function asStrings(env: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(Object.entries(env).map(([name, value]) => [name, String(revealed(value))]));
}

/** An input, or what a secret holds: a secret within an input makes the whole of it one. */
export function revealed(value: unknown): unknown {
  return typeof value === "object" && value !== null && "secret" in value ? value.secret : value;
}
