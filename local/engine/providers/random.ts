import { randomBytes, randomInt } from "node:crypto";
import { UNKNOWN } from "../values/property-value.ts";
import type { CheckFailure, Provider } from "../provider.ts";
import type { PropertyMap } from "../values/property-value.ts";
import { detailedDifferences } from "../values/difference.ts";

const LOWER = "abcdefghijklmnopqrstuvwxyz";
const UPPER = LOWER.toUpperCase();
const DIGITS = "0123456789";
/** @see hashicorp/terraform-provider-random, random_password */
const SPECIAL = "!@#$%&*()-_=+[]{}<>:?";

const TYPES: Record<string, (inputs: PropertyMap) => { id: string; outputs: PropertyMap }> = {
  "random:index/randomPassword:RandomPassword": password,
  "random:index/randomString:RandomString": (inputs) => {
    const { result } = password(inputs).outputs;
    return { id: result, outputs: { ...inputs, result } };
  },
  "random:index/randomBytes:RandomBytes": (inputs) => {
    const bytes = randomBytes(Number(inputs["length"]));
    const base64 = bytes.toString("base64");
    return { id: base64, outputs: { ...inputs, base64, hex: bytes.toString("hex") } };
  },
  "random:index/randomId:RandomId": (inputs) => {
    const bytes = randomBytes(Number(inputs["byteLength"]));
    const prefix = typeof inputs["prefix"] === "string" ? inputs["prefix"] : "";
    const id = bytes.toString("base64url");
    const hex = bytes.toString("hex");
    const forms = { b64Std: bytes.toString("base64"), b64Url: id, hex, dec: BigInt(`0x${hex}`).toString() };
    const prefixed = Object.entries(forms).map(([key, text]) => [key, prefix + text]);
    return { id, outputs: { ...inputs, ...Object.fromEntries(prefixed) } as PropertyMap };
  },
};

/** The resources of @pulumi/random that need only random bytes. Any change of an input replaces the resource. */
export function randomProvider(): Provider {
  return {
    configure: async () => undefined,
    check: async ({ type }, _olds, news) => {
      if (!(type in TYPES)) {
        throw new Error(
          `${type}: the offline engine has only ${Object.keys(TYPES).join(", ")} of this package`,
        );
      }
      return { inputs: news, failures: lengthFailures(news) };
    },
    diff: async (_context, _id, oldInputs, _oldOutputs, newInputs) => {
      const detailedDiff = detailedDifferences(oldInputs, newInputs);
      const replaces = Object.keys(detailedDiff);
      for (const change of Object.values(detailedDiff))
        change.kind = `${change.kind}-replace` as typeof change.kind;
      return { changes: replaces.length > 0, replaces, deleteBeforeReplace: false, detailedDiff };
    },
    create: async ({ type }, inputs, { preview }) => {
      if (preview) return { id: "", outputs: { ...inputs, result: UNKNOWN } };
      const draw = TYPES[type];
      if (!draw) throw new Error(`${type}: unknown type`);
      return draw(inputs);
    },
    read: async (_context, id, inputs = {}, outputs = {}) => ({ id, inputs, outputs }),
    update: async (_context, _id, _oldInputs, oldOutputs, newInputs) => ({
      outputs: { ...oldOutputs, ...newInputs },
    }),
    delete: async () => undefined,
    close: async () => undefined,
  };
}

function lengthFailures(inputs: PropertyMap): CheckFailure[] {
  const property = "byteLength" in inputs ? "byteLength" : "length";
  const length = inputs[property];
  if (typeof length !== "number" || (Number.isInteger(length) && length >= 1)) return [];
  return [{ property, reason: `must be a whole number of at least 1, got ${length}` }];
}

function password(inputs: PropertyMap): { id: string; outputs: PropertyMap & { result: string } } {
  const length = Number(inputs["length"]);
  const special = typeof inputs["overrideSpecial"] === "string" ? inputs["overrideSpecial"] : SPECIAL;
  const isEnabled = (key: string): boolean => inputs[key] !== false;
  const minimumOf = (key: string): number => (typeof inputs[key] === "number" ? inputs[key] : 0);
  const groups = [
    { letters: isEnabled("lower") ? LOWER : "", minimum: minimumOf("minLower") },
    { letters: isEnabled("upper") ? UPPER : "", minimum: minimumOf("minUpper") },
    { letters: isEnabled("number") && isEnabled("numeric") ? DIGITS : "", minimum: minimumOf("minNumeric") },
    { letters: isEnabled("special") ? special : "", minimum: minimumOf("minSpecial") },
  ];
  const all = groups.map(({ letters }) => letters).join("");
  if (all === "") throw new Error("one of lower, upper, numeric and special must be true");
  const drawn = groups.flatMap(({ letters, minimum }) => draw(letters || all, minimum));
  if (drawn.length > length)
    throw new Error(`length must be at least the sum of the minimums, ${drawn.length}`);
  const result = shuffled([...drawn, ...draw(all, length - drawn.length)]).join("");
  return { id: "none", outputs: { ...inputs, result } };
}

function draw(letters: string, count: number): string[] {
  return Array.from({ length: count }, () => letters.charAt(randomInt(letters.length)));
}

function shuffled(letters: string[]): string[] {
  for (let i = letters.length - 1; i > 0; i--) {
    const j = randomInt(i + 1);
    [letters[i], letters[j]] = [letters[j] ?? "", letters[i] ?? ""];
  }
  return letters;
}
