import type { z } from "zod";
import type { Field } from "./field.ts";

export type Severity = "low" | "medium" | "high" | "critical";
export type RuleConfig = z.ZodRawShape;
type ConfigOf<C extends RuleConfig> = z.infer<z.ZodObject<C>>;

/** A resource as rules get it. */
export interface Subject {
  urn: string;
  /** Resource type, without the API version that azure-native puts into it. */
  type: string;
  name: string;
  properties: Field;
  protect: boolean;
  /** Absent when the resource is checked alone, without the rest of the stack. */
  parent?: Subject;
  /** The resources that a property's value comes from, by property. Empty when the resource is checked alone. */
  dependencies: ReadonlyMap<string, readonly Subject[]>;
  /** Properties of the provider; missing if the resource has no provider. */
  provider: Field;
  /** Absent if the resource has no provider, or is checked alone. */
  providerUrn?: string;
  /** Such as `pulumi:providers:aws`. */
  providerType?: string;
}

export interface RuleContext {
  /** A calendar day, such as `2026-11-23`. */
  today: string;
  stack: string;
  /** Region of the stack's cluster in its config. @default - the stack has none */
  region?: string | undefined;
  /** Folder of Pulumi.yaml. */
  projectDir: string;
  /** Returns the paths of the inputs that are Pulumi secrets; undefined if the marks of the resource were not recorded. */
  secretPaths: (urn: string) => ReadonlySet<string> | undefined;
}

interface RuleBase<C extends RuleConfig> {
  /** Name of the policy. */
  name: string;
  /** One sentence that is true for a stack that follows the rule. */
  title: string;
  severity: Severity;
  /** Origin of the rule: the id of a check, such as `CKV_AWS_39`, or the name of a standard. */
  source: readonly string[];
  /** How to fix a violation, in one sentence. */
  fix: string;
  url?: string;
  /** Level if the config sets none. @default "mandatory" */
  level?: "advisory" | "mandatory" | "remediate";
  /** Config properties in addition to `exemptions`; every property has a default. */
  config?: C;
}

/** Checks one resource alone, before it is created or changed. */
export interface ResourceRule<C extends RuleConfig = RuleConfig> extends RuleBase<C> {
  /** Matches the resource types that the rule checks. */
  types: RegExp;
  check(subject: Subject, report: (message: string) => void, config: ConfigOf<C>, context: RuleContext): void;
}

/** Checks all resources of a stack together. */
export interface StackRule<C extends RuleConfig = RuleConfig> extends RuleBase<C> {
  checkStack(
    subjects: readonly Subject[],
    report: (message: string, urn: string | undefined) => void,
    config: ConfigOf<C>,
    context: RuleContext,
  ): void;
}

export type Rule = ResourceRule | StackRule;

/** Returns a resource rule, and infers the types of its config. */
export function rule<C extends RuleConfig>(definition: ResourceRule<C>): ResourceRule {
  return definition;
}

/** Returns a stack rule, and infers the types of its config. */
export function stackRule<C extends RuleConfig>(definition: StackRule<C>): StackRule {
  return definition;
}

/** Reports a field that is known and has none of the values. */
export function must(field: Field, values: readonly unknown[], report: (message: string) => void): void {
  if (field.mayBe(...values)) return;
  const wanted = values
    .map((value) => (value === undefined ? "left out" : JSON.stringify(value)))
    .join(" or ");
  report(`${field.path} must be ${wanted}, got ${field.shown}`);
}

/** Reports a field that is known to be empty. */
export function mustHave(field: Field, report: (message: string) => void): void {
  if (field.isEmpty) report(`${field.path} must be set`);
}

/** Returns a pattern that matches the given resource types exactly; `*` matches one part of a type. */
export function types(...tokens: string[]): RegExp {
  const alternatives = tokens.map((token) => token.replaceAll(/[.]/g, "\\.").replaceAll("*", "[^:]+"));
  return new RegExp(`^(${alternatives.join("|")})$`);
}
