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
  specification: "What Slipway asks of every stack",
};

type Parsed = Record<string, unknown> & { exemptions: Exemption[] };

/** A rule as a policy of CrossGuard, with exemptions, and with config that zod checks. */
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
        const say = excusing(config.exemptions, rule.fix, context.today, report);
        rule.checkStack(toSubjects(args.resources), say, config, context);
      },
    };
  }
  return {
    ...common,
    validateResource: (args: ResourceValidationArgs, report: ReportViolation) => {
      const type = plainType(args.type);
      if (!rule.types.test(type)) return;
      const config = parse(args.getConfig());
      const say = excusing(config.exemptions, rule.fix, context.today, report);
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
      rule.check(subject, (message) => say(message, urn), config, context);
    },
  };
}

/** Reports a violation with its fix, unless the resource is exempt. Names the problem of an exemption that does not hold. */
function excusing(
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

/** As JSON schema, for the CLI to check; the defaults are there too. */
function configSchema(schema: z.ZodObject): PolicyConfigSchema {
  const json = z.toJSONSchema(schema, { target: "draft-7", io: "input" });
  return { properties: (json.properties ?? {}) as PolicyConfigSchema["properties"] };
}

/** Tags by which policies can be chosen: the area that a name begins with, such as `kubernetes`. */
function areas(name: string): string[] {
  return [name.split("-")[0] ?? name];
}

/**
 * A field over properties as they came: the proxies of the SDK, which throw where something unknown is read, stand only
 * before a read, so the descriptors of properties show what is behind them.
 */
function fieldOf(properties: object | undefined): Field {
  if (properties === undefined) return new Field(undefined);
  return new Field(plainProperties(properties));
}

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
    const around = parent && subjects.get(parent.urn);
    if (around) subject.parent = around;
    for (const [key, sources] of Object.entries(propertyDependencies)) {
      const found = sources
        .map((source) => subjects.get(source.urn))
        .filter((source) => source !== undefined);
      subject.dependencies.set(key, found);
    }
  }
  return [...subjects.values()];
}
