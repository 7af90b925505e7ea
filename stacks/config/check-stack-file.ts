import { DEFAULT_ZONES } from "../../components/gcp/cluster/gke-node-config.ts";
import { GPU_RESOURCE, GPU_TYPE_LABEL } from "../../components/platform/kubernetes/gpu-types.ts";
import { isSecretName } from "../../policy/platform/secret-names.ts";
import { isLiteral, secretShape } from "../../policy/platform/secret-shapes.ts";
import { checkConfig, type ParsedConfig, type WorkloadModels } from "./check-config.ts";
import { fileValues, ownValues, type ReadFoundationFile } from "./foundation-file.ts";
import type { ConfigProblem } from "./config-problem.ts";
import { foundationFaults, toProblem } from "./parse-config.ts";
import { nearestName } from "../../runtime/contract/issues/nearest-name.ts";
import { PROJECT } from "./project-name.ts";
import { configSchema, SECRET_PATHS } from "./schema.ts";
import { isSealed, readStackFile, type StackFile } from "./stack-file.ts";
import { unknownRegions } from "./unknown-regions.ts";
import { valueAt } from "../../runtime/contract/issues/value-at.ts";

export interface StackFileOptions {
  /** Name of the file, for messages: `Pulumi.prod.yaml`. */
  file: string;
  /** Text of the file. */
  text: string;
  /** Config that overrides the file in this run: key with namespace → text, as Pulumi passes it. @default none */
  overrides?: Readonly<Record<string, string>>;
  /** The file of the foundation that the stack names. @default - there is no such file */
  foundation?: ReadFoundationFile | undefined;
  /** Workload → names of its models. @default - the names of workloads and models are not checked */
  workloads?: WorkloadModels;
  /** Whether a pulumi CLI is on the PATH. Only then fixes name `pulumi config set`. @default false */
  hasPulumiCli?: boolean;
}

export interface CheckedStackFile {
  /** Problems that prevent a deployment, sorted by line. */
  problems: ConfigProblem[];
  /** Probable mistakes that do not prevent a deployment, sorted by line. */
  warnings: ConfigProblem[];
  /** The parsed config with placeholders for secrets; undefined if there are problems, or a whole key is encrypted. */
  parsed: ParsedConfig | undefined;
}

/** Checks the whole config of a stack from the text of its file, before any program starts. */
export function checkStackFile(options: StackFileOptions): CheckedStackFile {
  const { text, overrides = {}, workloads, foundation } = options;
  const file = readStackFile(text, PROJECT);
  const values = { ...fileValues(file), ...ownValues(overrides) };
  const isSecret = ([key = "", ...rest]: readonly string[]): boolean =>
    isSealed(valueAt(file.values.get(`${PROJECT}:${key}`), rest));
  const fileFaults = [...file.faults, ...foundationFaults(foundation?.source)];
  const { parsed, faults } =
    fileFaults.length > 0
      ? { parsed: undefined, faults: [] }
      : checkConfig(values, { workloads, isSecret, foundation });
  // Only the program can check a key whose whole value is encrypted.
  const visibleFaults = faults.filter(
    ({ path: [key = ""] }) => !isSealed(file.values.get(`${PROJECT}:${key}`)),
  );
  const problems = visibleFaults.map((fault) => {
    const overridden = `${PROJECT}:${fault.path[0] ?? ""}` in overrides;
    const source = { name: options.file, file, foundation: foundation?.source };
    return toProblem(fault, overridden ? undefined : source);
  });
  return {
    problems: [...fileFaults, ...problems.map((problem) => withCommand(problem, options))].sort(byLine),
    warnings: warningsOf(file, values).sort(byLine),
    parsed,
  };
}

/** Adds the command of the pulumi CLI that makes the edit, if there is a CLI. */
function withCommand(
  problem: ConfigProblem,
  { file, hasPulumiCli = false }: StackFileOptions,
): ConfigProblem {
  if (!hasPulumiCli || problem.line === undefined || problem.fix.startsWith("did you mean")) return problem;
  const stack = /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1];
  const verb = problem.message.startsWith("no such key") ? "rm" : "set";
  const value = verb === "rm" ? "" : " VALUE";
  const flag = stack === undefined ? "" : ` --stack ${stack}`;
  return {
    ...problem,
    fix: `${problem.fix}, or: pulumi config ${verb} --path '${problem.path}'${value}${flag}`,
  };
}

const byLine = (a: ConfigProblem, b: ConfigProblem): number => (a.line ?? 0) - (b.line ?? 0);

type Values = Readonly<Record<string, unknown>>;

/**
 * Returns warnings about mistakes that Pulumi accepts without a message, and about nodes that the cluster may lack. The values may break
 * rules: a person mends problems and warnings together.
 */
function warningsOf(file: StackFile, values: Values): ConfigProblem[] {
  const known = Object.keys(configSchema.shape);
  const warnings: ConfigProblem[] = file.bareKeys.map((key) => ({
    line: file.lineOf([`${PROJECT}:${key}`]),
    path: key,
    message: `has no namespace, so Pulumi reads it as ${PROJECT}:${key}`,
    fix: `write ${PROJECT}:${key}`,
  }));
  for (const [key, value] of file.values) {
    const [namespace = "", name = ""] = key.split(":");
    if (namespace !== PROJECT && known.includes(name) && nearestName(namespace, [PROJECT]) !== undefined)
      warnings.push({
        line: file.lineOf([key]),
        path: key,
        message: `is a key of another namespace and has no effect; did you mean ${PROJECT}:${name}?`,
        fix: "rename it, or remove it",
      });
    for (const secret of plainSecretsIn(value, [key]))
      warnings.push({
        line: file.lineOf(secret.keys),
        path: secret.keys.join("."),
        message: `${secret.why}, and is plain text in a file that is committed to git`,
        fix: "encrypt it with `pulumi config set --secret`, or keep it in a secret store; then replace the secret, because git has it",
      });
  }
  for (const path of gpuRequestsOnExistingCluster(values))
    warnings.push({
      line: file.lineOf([`${PROJECT}:${path[0] ?? ""}`, ...path.slice(1)]),
      path: `${PROJECT}:${path.join(".")}`,
      message: "requests a GPU, but Slipway does not know the nodes of an existing cluster",
      fix: `make sure that a node offers ${GPU_RESOURCE} and that its label ${GPU_TYPE_LABEL} is this type, otherwise its pods wait for ever`,
    });
  for (const { path, zones } of poolsSmallerThanZones(values))
    warnings.push({
      line: file.lineOf([`${PROJECT}:${path[0] ?? ""}`, ...path.slice(1)]),
      path: `${PROJECT}:${path.join(".")}`,
      message: `is less than the ${zones} zones of the cluster: a volume belongs to one zone, and its pod waits if that zone has no node`,
      fix: `set it to ${zones}, or accept that Prometheus may wait for a node`,
    });
  for (const { path, ...fault } of unknownRegions(values))
    warnings.push({
      line: file.lineOf([`${PROJECT}:${path[0] ?? ""}`, ...path.slice(1)]),
      path: `${PROJECT}:${path.join(".")}`,
      ...fault,
    });
  return warnings;
}

/**
 * Returns node pools on GKE with fewer nodes than zones. A volume belongs to one zone, and its pod waits if that zone has no node. On EKS
 * the autoscaler starts a node in that zone, and on AKS volumes have copies in all zones.
 */
function poolsSmallerThanZones(values: Values): { path: string[]; zones: number }[] {
  if (valueAt(values, ["cluster", "kind"]) !== "gke") return [];
  const given = valueAt(values, ["cluster", "zones"]);
  const zones = Array.isArray(given) && given.length > 0 ? given.length : DEFAULT_ZONES;
  const path = ["cluster", "nodePools", "cpu", "min"];
  const min = valueAt(values, path);
  return typeof min === "number" && min < zones ? [{ path, zones }] : [];
}

/** Returns plain texts that look like secrets by their form or by the name of their key. */
function plainSecretsIn(value: unknown, keys: string[]): { keys: string[]; why: string }[] {
  if (isSealed(value) || SECRET_PATHS.includes(keys.join(".").slice(PROJECT.length + 1))) return [];
  if (typeof value === "object" && value !== null)
    return Object.entries(value).flatMap(([key, inner]) => plainSecretsIn(inner, [...keys, key]));
  if (typeof value !== "string") return [];
  const shape = secretShape(value);
  if (shape !== undefined) return [{ keys, why: `looks like ${shape}` }];
  const name = keys.at(-1)?.split(":").at(-1) ?? "";
  const belongsToProvider = !keys[0]?.startsWith(`${PROJECT}:`);
  return belongsToProvider && isSecretName(name) && isLiteral(value)
    ? [{ keys, why: "has the name of a secret" }]
    : [];
}

/** Returns the paths of GPU requests on an existing cluster. */
function gpuRequestsOnExistingCluster(values: Values): string[][] {
  if ((valueAt(values, ["cluster", "kind"]) ?? "existing") !== "existing") return [];
  const services = keysAt(values, ["environments"]).flatMap((environment) => {
    const path = ["environments", environment, "services"];
    return keysAt(values, path).map((service) => [...path, service, "gpu"]);
  });
  return [...services, ["training", "gpu"]].filter((path) => valueAt(values, path) !== undefined);
}

/** Returns the keys of the object at a path; none if there is no object. */
function keysAt(values: Values, path: readonly string[]): string[] {
  const value = valueAt(values, path);
  return typeof value === "object" && value !== null && !Array.isArray(value) ? Object.keys(value) : [];
}
