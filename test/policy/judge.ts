import type {
  PolicyResource,
  ReportViolation,
  ResourceValidationArgs,
  StackValidationArgs,
} from "@pulumi/policy";
import type { Rule, RuleContext } from "../../policy/rule/rule.ts";
import { toPolicy } from "../../policy/rule/to-policy.ts";
import { rules } from "../../policy/rules.ts";
import type { Planned } from "./violations/planned.ts";

/** The text that stands for what a preview does not know. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
export const TODAY = "2026-11-23";

export interface Finding {
  urn: string | undefined;
  message: string;
}

export function ruleNamed(name: string): Rule {
  const found = rules.find((rule) => rule.name === name);
  if (!found) throw new Error(`there is no rule ${name}`);
  return found;
}

export function urnOf({ type, name }: Pick<Planned, "type" | "name">): string {
  return `urn:pulumi:test::violations::${type}::${name}`;
}

interface Options {
  config?: Record<string, unknown>;
  context?: Partial<RuleContext>;
  /** Properties of every resource's provider. */
  provider?: Record<string, unknown>;
}

/** What a policy finds in resources, called as the SDK calls it. */
export function judge(name: string, resources: readonly Planned[], options: Options = {}): Finding[] {
  const { config = {}, provider = {} } = options;
  const context = {
    today: TODAY,
    stack: "test",
    projectDir: "/nonexistent",
    secretPaths: () => new Set<string>(),
    ...options.context,
  };
  const policy = toPolicy(ruleNamed(name), context);
  const found: Finding[] = [];
  const report = ((message: string, urn?: string) => found.push({ urn, message })) as ReportViolation;
  const common = { getConfig: () => config, stackTags: new Map(), notApplicable: () => undefined };
  const judged = resources.map((resource) => toResource(resource, provider));
  for (const resource of judged)
    for (const [key, value] of Object.entries(
      resources.find(({ name: of }) => of === resource.name)?.inputs ?? {},
    ))
      resource.propertyDependencies[key] = judged.filter((other) => refersTo(value, other.name));
  if ("validateStack" in policy)
    void policy.validateStack({ ...common, resources: judged } as unknown as StackValidationArgs, report);
  else if ("validateResource" in policy && typeof policy.validateResource === "function")
    for (const resource of judged)
      void policy.validateResource({ ...common, ...resource } as unknown as ResourceValidationArgs, report);
  return found;
}

function toResource(planned: Planned, provider: Record<string, unknown>): PolicyResource {
  const { type, name, inputs, protect = false } = planned;
  return {
    type,
    name,
    urn: urnOf(planned),
    props: withoutReferences(inputs) as Record<string, unknown>,
    opts: { protect, ignoreChanges: [], aliases: [], additionalSecretOutputs: [] },
    provider: {
      type: `pulumi:providers:${type.split(":")[0]}`,
      name: "default",
      urn: `urn:pulumi:test::violations::pulumi:providers:${type.split(":")[0]}::default`,
      props: provider,
    },
    dependencies: [],
    propertyDependencies: {},
  } as unknown as PolicyResource;
}

function refersTo(value: unknown, name: string): boolean {
  return typeof value === "object" && value !== null && (value as Record<string, unknown>)["$ref"] === name;
}

function withoutReferences(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutReferences);
  if (typeof value !== "object" || value === null) return value;
  if ("$ref" in value) return UNKNOWN;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withoutReferences(item)]));
}

/** Every path of a value at which something stands: leaves, and what they are in. */
export function pathsOf(value: unknown, path = ""): string[] {
  const here = path === "" ? [] : [path];
  if (typeof value !== "object" || value === null) return here;
  return [
    ...here,
    ...Object.entries(value).flatMap(([key, item]) => pathsOf(item, path === "" ? key : `${path}.${key}`)),
  ];
}
