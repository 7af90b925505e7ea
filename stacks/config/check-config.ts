import { describeIssues, type ConfigFault } from "../../runtime/contract/issues/describe-issues.ts";
import { nearestName } from "../../runtime/contract/issues/nearest-name.ts";
import { clusterFaults, FOUNDATION_KEYS, layerOf } from "./layer.ts";
import { mergeFoundation, type FoundationFile } from "./merge-foundation.ts";
import {
  configSchema,
  foundationSchema,
  HIDDEN_PATHS,
  SECRET_PATHS,
  type FoundationStackConfig,
  type StackConfig,
} from "./schema.ts";
import { valueAt } from "../../runtime/contract/issues/value-at.ts";

/** Workload → names of its models; undefined if its definition is broken, so that they are not known. */
export type WorkloadModels = ReadonlyMap<string, readonly string[] | undefined>;

export interface CheckOptions {
  /** @default - the names of workloads and models are not checked */
  workloads?: WorkloadModels | undefined;
  /** Whether the value at a path is a Pulumi secret. @default - not checked */
  isSecret?: ((path: readonly string[]) => boolean) | undefined;
  /** The file of the foundation that the stack names. @default - there is no such file */
  foundation?: FoundationFile | undefined;
}

type Values = Readonly<Record<string, unknown>>;

/** A stack's config that keeps every rule. */
export type ParsedConfig =
  | { layer: "foundation"; config: FoundationStackConfig }
  | { layer: "platform"; config: StackConfig; /** Name of the foundation's stack. */ foundation?: string };

export type CheckedConfig =
  { parsed: ParsedConfig; faults: [] } | { parsed?: undefined; faults: ConfigFault[] };

/** Checks every rule for the config of a stack. `values` has the keys of the project, without their namespace. */
export function checkConfig(values: Values, options: CheckOptions = {}): CheckedConfig {
  const own = clusterFaults(values);
  if (own.length > 0) return { faults: own };
  const layer = layerOf(values);
  if (layer.kind === "foundation") return checkFoundation(values);
  if (layer.foundation === undefined) return checkPlatform(values, values, options);
  const { foundation = { file: `Pulumi.${layer.foundation}.yaml`, values: undefined } } = options;
  const { merged, faults } = mergeFoundation(values, foundation);
  if (merged === undefined) return { faults };
  const checked = checkPlatform(values, merged, options);
  if (checked.parsed === undefined)
    return {
      faults: checked.faults.map((fault) =>
        FOUNDATION_KEYS.includes(fault.path[0] ?? "") ? { ...fault, inFoundation: true } : fault,
      ),
    };
  return { parsed: { ...checked.parsed, foundation: layer.foundation }, faults: [] };
}

function checkFoundation(values: Values): CheckedConfig {
  const ofPlatform = Object.keys(values).filter(
    (key) => key in configSchema.shape && !FOUNDATION_KEYS.includes(key),
  );
  if (ofPlatform.length > 0)
    return {
      faults: ofPlatform.map((key) => ({
        path: [key],
        kind: "unknown",
        message: "must be in the file of the platform's stack: this stack is its foundation alone",
        fix: "move it to a stack file with cluster: { kind: foundation, stack: THIS_STACK }",
      })),
    };
  const parsed = foundationSchema.safeParse(values);
  if (parsed.success) return { parsed: { layer: "foundation", config: parsed.data }, faults: [] };
  return {
    faults: describeIssues(parsed.error.issues, {
      schema: foundationSchema,
      config: values,
      secretPaths: [],
    }),
  };
}

/** @param own - the values of the stack's own file */
function checkPlatform(
  own: Values,
  values: Values,
  { workloads, isSecret }: CheckOptions,
):
  | { parsed: Extract<ParsedConfig, { layer: "platform" }>; faults: [] }
  | { parsed?: undefined; faults: ConfigFault[] } {
  const parsed = configSchema.safeParse(values);
  const faults = parsed.success
    ? []
    : describeIssues(parsed.error.issues, {
        schema: configSchema,
        config: values,
        secretPaths: HIDDEN_PATHS,
      });
  // Beside other faults too, so that people mend them together.
  if (workloads !== undefined) faults.push(...unknownModels(values, workloads));
  if (isSecret !== undefined) faults.push(...plainSecrets(own, isSecret));
  return parsed.success && faults.length === 0
    ? { parsed: { layer: "platform", config: parsed.data }, faults: [] }
    : { faults };
}

/**
 * Without this check, a typing error in a model's name would plan the deletion of a running service: it would have no model. The values may
 * break other rules.
 */
function unknownModels(values: Values, workloads: WorkloadModels): ConfigFault[] {
  return entriesAt(values, ["environments"]).flatMap(([environment]) =>
    entriesAt(values, ["environments", environment, "services"]).flatMap(
      ([service, written]): ConfigFault[] => {
        const workload = valueAt(written, ["workload"]);
        const modelName = valueAt(written, ["modelName"]);
        if (typeof workload !== "string" || (modelName !== undefined && typeof modelName !== "string"))
          return []; // named by the schema
        const path = ["environments", environment, "services", service];
        const models = workloads.get(workload);
        if (!workloads.has(workload))
          return [
            unknownName([...path, "workload"], "a workload of this checkout", workload, [
              ...workloads.keys(),
            ]),
          ];
        const name = modelName ?? service;
        if (models?.includes(name) ?? true) return [];
        const fault = unknownName([...path, "modelName"], `a model of ${workload}`, name, models ?? []);
        if (modelName !== undefined) return [fault];
        const fix = "rename the service, or set modelName to one of them";
        return [{ ...fault, fix: fault.fix === undefined ? fix : `${fault.fix} ${fix}` }];
      },
    ),
  );
}

function entriesAt(values: Values, path: readonly string[]): [string, unknown][] {
  const value = valueAt(values, path);
  return typeof value === "object" && value !== null && !Array.isArray(value) ? Object.entries(value) : [];
}

function unknownName(path: string[], expected: string, got: string, known: readonly string[]): ConfigFault {
  const near = nearestName(got, known);
  return {
    path,
    kind: "wrong",
    message: `must be ${expected} (${known.join(", ")}), got ${JSON.stringify(got)}`,
    ...(near === undefined ? {} : { fix: `did you mean ${near}?` }),
  };
}

/** Returns faults for secrets that are plain text. */
function plainSecrets(
  values: Readonly<Record<string, unknown>>,
  isSecret: (path: readonly string[]) => boolean,
): ConfigFault[] {
  return SECRET_PATHS.map((secretPath) => secretPath.split(".")).flatMap((path): ConfigFault[] => {
    const value = valueAt(values, path);
    if (value === undefined || isSecret(path)) return [];
    return [{ path, kind: "wrong", message: "must be a secret, got plain text", fix: PLAIN_SECRET_FIX }];
  });
}

/** Advice to keep the webhook out of the file, with or without a pulumi CLI. */
const PLAIN_SECRET_FIX =
  "put it into a Kubernetes Secret and name that in alerts.slackUrlSecret, or encrypt it with `pulumi config set --secret`";
