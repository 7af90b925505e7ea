import { describeIssues, type ConfigFault } from "./describe-issues.ts";
import { nearestName } from "./nearest-name.ts";
import { configSchema, SECRET_PATHS, type StackConfig } from "./schema.ts";
import { valueAt } from "./value-at.ts";

/** Workload → names of its models. */
export type WorkloadModels = ReadonlyMap<string, readonly string[]>;

export interface CheckOptions {
  /** @default - the names of workloads and models are not checked */
  workloads?: WorkloadModels | undefined;
  /** Whether the value at a path is a Pulumi secret. @default - not checked */
  isSecret?: ((path: readonly string[]) => boolean) | undefined;
}

export type CheckedConfig =
  { config: StackConfig; faults: [] } | { config: undefined; faults: ConfigFault[] };

/** Checks every rule for the config of a stack. `values` has the keys of the project, without their namespace. */
export function checkConfig(
  values: Readonly<Record<string, unknown>>,
  { workloads, isSecret }: CheckOptions = {},
): CheckedConfig {
  const parsed = configSchema.safeParse(values);
  const faults = parsed.success
    ? workloads === undefined
      ? []
      : unknownModels(parsed.data, workloads)
    : describeIssues(parsed.error.issues, {
        schema: configSchema,
        config: values,
        secretPaths: SECRET_PATHS,
      });
  if (isSecret !== undefined) faults.push(...plainSecrets(values, isSecret));
  return parsed.success && faults.length === 0
    ? { config: parsed.data, faults: [] }
    : { config: undefined, faults };
}

/** Without this check, a typing error in a model's name would plan the deletion of a running service: it would have no model. */
function unknownModels({ environments }: StackConfig, workloads: WorkloadModels): ConfigFault[] {
  return Object.entries(environments).flatMap(([environment, { services }]) =>
    Object.entries(services).flatMap(([service, { workload, modelName }]): ConfigFault[] => {
      const path = ["environments", environment, "services", service];
      const models = workloads.get(workload);
      if (models === undefined)
        return [
          unknownName([...path, "workload"], "a workload of this checkout", workload, [...workloads.keys()]),
        ];
      const name = modelName ?? service;
      if (models.includes(name)) return [];
      const fault = unknownName([...path, "modelName"], `a model of ${workload}`, name, models);
      if (modelName !== undefined) return [fault];
      const fix = "rename the service, or set modelName to one of them";
      return [{ ...fault, fix: fault.fix === undefined ? fix : `${fault.fix} ${fix}` }];
    }),
  );
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
