import type {
  PolicyConfigSchema,
  PolicyResource,
  ReportViolation,
  ResourceValidationArgs,
  ResourceValidationPolicy,
  StackValidationArgs,
  StackValidationPolicy,
} from "@pulumi/policy";
import { z } from "zod";
import { plainType } from "../../cost/estimate/plain-type.ts";
import { exemptionOf, exemptionsSchema } from "./exemptions.ts";
import type { Exemption } from "./exemptions.ts";
import { Field } from "./field.ts";
import type { Rule, RuleConfig, RuleContext, Subject } from "./rule.ts";

const FRAMEWORK = {
  name: "Slipway",
  version: "1",
  reference: "https://github.com/bridgecrewio/checkov, Kubernetes Pod Security Standards",
  specification: "Rules of Slipway for every stack",
};

type Parsed = Record<string, unknown> & { exemptions: Exemption[] };

/** Converts a rule to a CrossGuard policy, with exemptions, and with config that zod checks. */
export function toPolicy(rule: Rule, context: RuleContext): ResourceValidationPolicy | StackValidationPolicy {
  const schema = z.strictObject({ ...(rule.config ?? ({} as RuleConfig)), exemptions: exemptionsSchema });
  const parse = (config: object): Parsed => parseConfig(rule.name, schema, config);
  const common = {
    name: rule.name,
    displayName: rule.title,
    description: `${rule.title} [${rule.source.join(", ")}]`,
    enforcementLevel: rule.level ?? "mandatory",
    severity: rule.severity,
    tags: [...rule.source, ...areas(rule.name)],
    remediationSteps: rule.fix,
    framework: FRAMEWORK,
    configSchema: configSchema(schema),
    ...(rule.url === undefined ? {} : { url: rule.url }),
  };
  if ("checkStack" in rule) {
    return {
      ...common,
      validateStack: (args: StackValidationArgs, report: ReportViolation) => {
        const config = parse(args.getConfig());
        const reportUnlessExempt = reporterWithExemptions(config.exemptions, rule.fix, context.today, report);
        rule.checkStack(toSubjects(args.resources), reportUnlessExempt, config, context);
      },
    };
  }
  return {
    ...common,
    validateResource: (args: ResourceValidationArgs, report: ReportViolation) => {
      const type = plainType(args.type);
      if (!rule.types.test(type)) return;
      const config = parse(args.getConfig());
      const reportUnlessExempt = reporterWithExemptions(config.exemptions, rule.fix, context.today, report);
      const { urn, name } = args;
      const subject: Subject = {
        urn,
        type,
        name,
        properties: fieldOf(args.props),
        protect: args.opts.protect,
        dependencies: new Map(),
        provider: fieldOf(args.provider?.props),
      };
      rule.check(subject, (message) => reportUnlessExempt(message, urn), config, context);
    },
  };
}

/** Returns a function that reports a violation with its fix, unless the resource is exempt. It names the problem of an invalid exemption. */
function reporterWithExemptions(
  exemptions: readonly Exemption[],
  fix: string,
  today: string,
  report: ReportViolation,
): (message: string, urn: string | undefined) => void {
  return (message, urn) => {
    const exemption = urn === undefined ? undefined : exemptionOf(urn, exemptions, today);
    if (exemption && exemption.problem === undefined) return;
    const why = exemption?.problem === undefined ? "" : ` (${exemption.problem})`;
    report(`${message}${why}. To fix: ${fix}`, urn);
  };
}

function parseConfig(policy: string, schema: z.ZodObject, config: object): Parsed {
  const result = schema.safeParse(config);
  if (result.success) return result.data as Parsed;
  const first = result.error.issues[0];
  throw new Error(`${policy}: config.${first?.path.join(".") ?? ""}: ${first?.message ?? "is wrong"}`);
}

/** Returns the JSON schema of the config, with defaults, for the Pulumi CLI. */
function configSchema(schema: z.ZodObject): PolicyConfigSchema {
  const json = z.toJSONSchema(schema, { target: "draft-7", io: "input" });
  return { properties: (json.properties ?? {}) as PolicyConfigSchema["properties"] };
}

/** Tags for the selection of policies: the area at the start of the name, such as `kubernetes`. */
function areas(name: string): string[] {
  return [name.split("-")[0] ?? name];
}

/**
 * Returns a field over the raw properties. The SDK wraps them in proxies that throw when unknown values are read, but the
 * property descriptors still give the raw values.
 */
function fieldOf(properties: object | undefined): Field {
  if (properties === undefined) return new Field(undefined);
  return new Field(plainProperties(properties));
}

/** Returns the raw properties behind the proxies of the SDK. */
export function plainProperties(properties: object): Record<string, unknown> {
  const descriptors = Object.entries(Object.getOwnPropertyDescriptors(properties));
  return Object.fromEntries(
    descriptors.filter(([, { enumerable }]) => enumerable).map(([key, { value }]) => [key, value as unknown]),
  );
}

function toSubjects(resources: readonly PolicyResource[]): Subject[] {
  const subjects = new Map<string, Subject & { dependencies: Map<string, readonly Subject[]> }>();
  for (const resource of resources) {
    const { urn, name, type, opts, props, provider } = resource;
    const known = { urn, name, type: plainType(type), protect: opts.protect, properties: fieldOf(props) };
    subjects.set(urn, {
      ...known,
      provider: fieldOf(provider?.props),
      ...(provider === undefined ? {} : { providerUrn: provider.urn, providerType: provider.type }),
      dependencies: new Map(),
    });
  }
  for (const { urn, parent, propertyDependencies } of resources) {
    const subject = subjects.get(urn);
    if (!subject) continue;
    const parentSubject = parent && subjects.get(parent.urn);
    if (parentSubject) subject.parent = parentSubject;
    for (const [key, sources] of Object.entries(propertyDependencies)) {
      const found = sources
        .map((source) => subjects.get(source.urn))
        .filter((source) => source !== undefined);
      subject.dependencies.set(key, found);
    }
  }
  return [...subjects.values()];
}
