import { createHash } from "node:crypto";
import { z } from "zod";
import type { Autonaming } from "../provider.ts";
import { packageOf, parseUrn } from "../urn.ts";

const rule = {
  mode: z.enum(["default", "verbatim", "disabled"]).optional(),
  pattern: z.string().min(1).optional(),
  enforce: z.boolean().optional(),
};
const resource = z.strictObject(rule);
const provider = z.strictObject({ ...rule, resources: z.record(z.string(), resource).default({}) });
const schema = z.strictObject({ ...rule, providers: z.record(z.string(), provider).default({}) });
type Rule = z.infer<typeof resource>;

/** The name that the config proposes for a resource without a name of its own. */
export interface NamePlan {
  autonaming: Autonaming;
  /**
   * True if the name has no random part: the old resource must be deleted before its replacement can take the name. As with the
   * CLI, this comes before the option of the resource, also where the program itself gives the name.
   */
  deleteBeforeReplace: boolean;
}

/** Returns the name of a resource; `seed` determines its random part. Undefined: the provider names it by its own rule. */
export type Namer = (urn: string, seed: Buffer) => NamePlan | undefined;

/**
 * Reads `pulumi:autonaming` from a stack's config. The rule of a type comes before that of its package, and that before the
 * stack's. Returns undefined if the config has no rule; throws on an unknown field.
 * @see https://www.pulumi.com/docs/iac/concepts/resources/names/#autonaming-configuration
 */
export function readAutonaming(config: Readonly<Record<string, string>>): Namer | undefined {
  const text = config["pulumi:autonaming"];
  if (text === undefined) return undefined;
  const result = schema.safeParse(parseJson(text));
  if (!result.success) {
    const [issue] = result.error.issues;
    const where = ["pulumi:autonaming", ...(issue?.path ?? [])].join(".");
    throw new Error(`${where}: ${issue?.message ?? "must be a map"}`);
  }
  const { providers, ...stackRule } = result.data;
  return (urn, seed) => {
    const { type } = parseUrn(urn);
    const packageRule = providers[packageOf(type)];
    const chosen = [packageRule?.resources[type], packageRule, stackRule].find(
      (candidate) => candidate && namesResources(candidate),
    );
    return chosen && plan(chosen, urn, seed, config);
  };
}

function namesResources({ mode, pattern }: Rule): boolean {
  return mode !== undefined || pattern !== undefined;
}

function plan(
  { mode, pattern, enforce = false }: Rule,
  urn: string,
  seed: Buffer,
  config: Readonly<Record<string, string>>,
): NamePlan | undefined {
  if (mode === "default") return undefined;
  if (mode === "disabled") return { autonaming: { mode: "disable" }, deleteBeforeReplace: true };
  const { name, stack, project } = parseUrn(urn);
  if (pattern === undefined)
    return { autonaming: { mode: "enforce", proposedName: name }, deleteBeforeReplace: true };
  const words: Record<string, string> = { name, stack, project, organization: "organization" };
  let isRandom = false;
  const proposedName = pattern.replace(/\$\{([^}]*)\}/g, (_whole, expression: string) => {
    const [, kind = "", length = ""] = /^(hex|alphanum|string|num)\((\d+)\)$/.exec(expression) ?? [];
    if (kind !== "" || expression === "uuid") {
      isRandom = true;
      return kind === "" ? uuid(seed) : random(kind, Number(length), seed);
    }
    const word = expression.startsWith("config.")
      ? config[withNamespace(expression.slice("config.".length), project)]
      : words[expression];
    if (word === undefined)
      throw new Error(`pulumi:autonaming: pattern must use known expressions, got \${${expression}}`);
    return word;
  });
  return {
    autonaming: { mode: enforce ? "enforce" : "propose", proposedName },
    deleteBeforeReplace: !isRandom,
  };
}

const ALPHABETS: Record<string, string> = {
  hex: "0123456789abcdef",
  alphanum: "0123456789abcdefghijklmnopqrstuvwxyz",
  string: "abcdefghijklmnopqrstuvwxyz",
  num: "0123456789",
};

function random(kind: string, length: number, seed: Buffer): string {
  const letters = ALPHABETS[kind] ?? "";
  const bytes: number[] = [];
  for (let block = 0; bytes.length < length; block++)
    bytes.push(...createHash("sha512").update(seed).update(`${kind} ${block}`).digest());
  return bytes
    .slice(0, length)
    .map((byte) => letters[byte % letters.length])
    .join("");
}

function uuid(seed: Buffer): string {
  const hex = random("hex", 32, seed);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`;
}

function withNamespace(key: string, project: string): string {
  return key.includes(":") ? key : `${project}:${key}`;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
