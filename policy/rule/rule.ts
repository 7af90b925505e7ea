import type { z } from "zod";
import type { Field } from "./field.ts";

export type Severity = "low" | "medium" | "high" | "critical";
export type RuleConfig = z.ZodRawShape;
type ConfigOf<C extends RuleConfig> = z.infer<z.ZodObject<C>>;

/** A resource as a rule sees it. */
export interface Subject {
  urn: string;
  /** Without the version that azure-native puts into it. */
  type: string;
  name: string;
  properties: Field;
  protect: boolean;
  /** Absent where the resource is judged by itself. */
  parent?: Subject;
  /** Property → the resources that its value comes from. Empty where the resource is judged by itself. */
  dependencies: ReadonlyMap<string, readonly Subject[]>;
  /** Properties of its provider; missing where there is none. */
  provider: Field;
  /** Absent where the resource has no provider, or is judged by itself. */
  providerUrn?: string;
  /** Such as `pulumi:providers:aws`. */
  providerType?: string;
}

export interface RuleContext {
  /** A calendar day, such as `2026-11-23`. */
  today: string;
  stack: string;
  /** Folder of Pulumi.yaml. */
  projectDir: string;
  /** Paths of the inputs that are Pulumi secrets; undefined where no mark was noted for the resource. */
  secretPaths: (urn: string) => ReadonlySet<string> | undefined;
}

interface RuleBase<C extends RuleConfig> {
  /** Name of the policy. */
  name: string;
  /** What is true of a stack that keeps the rule, in one sentence. */
  title: string;
  severity: Severity;
  /** Origin of the rule: the id of a check, such as `CKV_AWS_39`, or the name of a standard. */
  source: readonly string[];
  /** What to do about a violation, in one sentence. */
  fix: string;
  url?: string;
  /** Level where config names none. @default "mandatory" */
  level?: "advisory" | "mandatory" | "remediate";
  /** Config beside `exemptions`; every property has a default. */
  config?: C;
}

/** Judges a resource by itself, before it is created or changed. */
export interface ResourceRule<C extends RuleConfig = RuleConfig> extends RuleBase<C> {
  /** Matches the types that it judges. */
  types: RegExp;
  check(subject: Subject, report: (message: string) => void, config: ConfigOf<C>, context: RuleContext): void;
}

/** Judges all resources of a stack together. */
export interface StackRule<C extends RuleConfig = RuleConfig> extends RuleBase<C> {
  checkStack(
    subjects: readonly Subject[],
    report: (message: string, urn: string | undefined) => void,
    config: ConfigOf<C>,
    context: RuleContext,
  ): void;
}

export type Rule = ResourceRule | StackRule;

/** Gives a rule the types of its own config. */
export function rule<C extends RuleConfig>(definition: ResourceRule<C>): ResourceRule {
  return definition;
}

export function stackRule<C extends RuleConfig>(definition: StackRule<C>): StackRule {
  return definition;
}

/** Reports a field that is known not to have one of the values. */
export function must(field: Field, values: readonly unknown[], report: (message: string) => void): void {
  if (field.mayBe(...values)) return;
  const wanted = values
    .map((value) => (value === undefined ? "left out" : JSON.stringify(value)))
    .join(" or ");
  report(`${field.path} must be ${wanted}, got ${field.shown}`);
}

/** Reports a field that is known to hold nothing. */
export function mustHave(field: Field, report: (message: string) => void): void {
  if (field.isEmpty) report(`${field.path} must be set`);
}

/** The types of a package: of a module, a kind, or several kinds. */
export function types(...tokens: string[]): RegExp {
  const alternatives = tokens.map((token) => token.replaceAll(/[.]/g, "\\.").replaceAll("*", "[^:]+"));
  return new RegExp(`^(${alternatives.join("|")})$`);
}
