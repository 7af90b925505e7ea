import { GPU_RESOURCE, GPU_TYPE_LABEL } from "../../components/platform/kubernetes/gpu-types.ts";
import { isSecretName } from "../../policy/platform/secret-names.ts";
import { isLiteral, secretShape } from "../../policy/platform/secret-shapes.ts";
import { checkConfig, type WorkloadModels } from "./check-config.ts";
import { fromJson } from "./from-json.ts";
import type { ConfigProblem } from "./config-problem.ts";
import { toProblem } from "./parse-config.ts";
import { nearestName } from "./nearest-name.ts";
import { PROJECT } from "./project-name.ts";
import { configSchema, SECRET_PATHS, type StackConfig } from "./schema.ts";
import { isSealed, readStackFile, withoutSecrets, type StackFile } from "./stack-file.ts";

export interface StackFileOptions {
  /** Name of the file, for messages: `Pulumi.prod.yaml`. */
  file: string;
  /** Its text. */
  text: string;
  /** Config of this run over that of the file: key with namespace → text, as Pulumi passes it. @default none */
  overrides?: Readonly<Record<string, string>>;
  /** Workload → names of its models. @default - the names of workloads and models are not checked */
  workloads?: WorkloadModels;
  /** Whether a pulumi CLI is on the PATH: only then advice names `pulumi config set`. @default false */
  hasPulumiCli?: boolean;
}

export interface CheckedStackFile {
  /** Problems that have to be mended before the stack can be deployed, sorted by line. */
  problems: ConfigProblem[];
  /** Parts of the config that can be deployed, but are probably a mistake. */
  warnings: ConfigProblem[];
  /** The parsed config, secrets replaced by a placeholder; undefined where there are problems, or a key is sealed as a whole. */
  config: StackConfig | undefined;
}

/** Checks the whole config of a stack from the text of its file, before any program starts. */
export function checkStackFile(options: StackFileOptions): CheckedStackFile {
  const { text, overrides = {}, workloads } = options;
  const file = readStackFile(text, PROJECT);
  const values: Record<string, unknown> = {};
  for (const [key, value] of file.values)
    if (key.startsWith(`${PROJECT}:`))
      values[key.slice(PROJECT.length + 1)] = asPassed(withoutSecrets(value));
  for (const [key, value] of Object.entries(overrides))
    if (key.startsWith(`${PROJECT}:`)) values[key.slice(PROJECT.length + 1)] = fromJson(value);
  const isSecret = ([key = "", ...rest]: readonly string[]): boolean =>
    isSealed(rest.reduce<unknown>(inside, file.values.get(`${PROJECT}:${key}`)));
  const { config, faults } =
    file.faults.length > 0 ? { config: undefined, faults: [] } : checkConfig(values, { workloads, isSecret });
  // Only the program can read a key that is sealed as a whole.
  const readable = faults.filter(({ path: [key = ""] }) => !isSealed(file.values.get(`${PROJECT}:${key}`)));
  const problems = readable.map((fault) => {
    const overridden = `${PROJECT}:${fault.path[0] ?? ""}` in overrides;
    return toProblem(fault, overridden ? undefined : { name: options.file, file });
  });
  return {
    problems: [...file.faults, ...problems.map((problem) => withCommand(problem, options))].sort(byLine),
    warnings: warningsOf(file, config).sort(byLine),
    config,
  };
}

/** Adds the pulumi command that makes the edit, where there is a CLI. */
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

/** Returns a value as the program gets it: a text may be JSON. */
const asPassed = (value: unknown): unknown => (typeof value === "string" ? fromJson(value) : value);

const inside = (value: unknown, key: string): unknown =>
  typeof value === "object" && value !== null ? (value as Record<string, unknown>)[key] : undefined;

/** Finds what Pulumi accepts without a message, and requests that the nodes of the cluster may not fulfil. */
function warningsOf(file: StackFile, config: StackConfig | undefined): ConfigProblem[] {
  const known = Object.keys(configSchema.shape);
  const warnings: ConfigProblem[] = file.bareKeys.map((key) => ({
    line: file.lineOf([`${PROJECT}:${key}`]),
    path: key,
    message: `is read as ${PROJECT}:${key}, the project's own`,
    fix: `write ${PROJECT}:${key}`,
  }));
  for (const [key, value] of file.values) {
    const [namespace = "", name = ""] = key.split(":");
    if (namespace !== PROJECT && known.includes(name) && nearestName(namespace, [PROJECT]) !== undefined)
      warnings.push({
        line: file.lineOf([key]),
        path: key,
        message: `is a key of another namespace and changes nothing; did you mean ${PROJECT}:${name}?`,
        fix: "rename it, or remove it",
      });
    for (const path of plainSecretsIn(value, [key]))
      warnings.push({
        line: file.lineOf(path.keys),
        path: path.keys.join("."),
        message: `${path.why}, and is plain text in a file that is kept in git`,
        fix: "encrypt it with `pulumi config set --secret`, or keep it in a secret store, and replace the secret: it is known now",
      });
  }
  for (const path of config === undefined ? [] : gpusOfExisting(config))
    warnings.push({
      line: file.lineOf([`${PROJECT}:${path[0] ?? ""}`, ...path.slice(1)]),
      path: `${PROJECT}:${path.join(".")}`,
      message: "asks for a GPU, and nothing is known of the nodes of an existing cluster",
      fix: `make sure that a node offers ${GPU_RESOURCE} and that its label ${GPU_TYPE_LABEL} is this type, or the pods wait for ever`,
    });
  for (const { path, zones } of config === undefined ? [] : poolsUnderZones(config))
    warnings.push({
      line: file.lineOf([`${PROJECT}:${path[0] ?? ""}`, ...path.slice(1)]),
      path: `${PROJECT}:${path.join(".")}`,
      message: `is less than the ${zones} zones of the cluster: a volume is of one zone, and its pod waits while no node is there`,
      fix: `set it to ${zones}, or expect that Prometheus may wait for a node`,
    });
  return warnings;
}

/** Finds node pools with fewer nodes than zones: a volume is in one zone, and its pod waits if no node is in that zone. */
function poolsUnderZones({ cluster }: StackConfig): { path: string[]; zones: number }[] {
  if (cluster.kind === "existing") return [];
  const zones = (cluster.kind === "eks" && cluster.zones?.length) || 3;
  const { cpu } = cluster.nodePools;
  return cpu?.min !== undefined && cpu.min < zones
    ? [{ path: ["cluster", "nodePools", "cpu", "min"], zones }]
    : [];
}

/** Finds plain texts that are secrets by their form, or by the name of their key. */
function plainSecretsIn(value: unknown, keys: string[]): { keys: string[]; why: string }[] {
  if (isSealed(value) || SECRET_PATHS.includes(keys.join(".").slice(PROJECT.length + 1))) return [];
  if (typeof value === "object" && value !== null)
    return Object.entries(value).flatMap(([key, inner]) => plainSecretsIn(inner, [...keys, key]));
  if (typeof value !== "string") return [];
  const shape = secretShape(value);
  if (shape !== undefined) return [{ keys, why: `looks like ${shape}` }];
  const name = keys.at(-1)?.split(":").at(-1) ?? "";
  const ofOtherProvider = !keys[0]?.startsWith(`${PROJECT}:`);
  return ofOtherProvider && isSecretName(name) && isLiteral(value)
    ? [{ keys, why: "is named as a secret" }]
    : [];
}

function gpusOfExisting({ cluster, environments, training }: StackConfig): string[][] {
  if (cluster.kind !== "existing") return [];
  const services = Object.entries(environments).flatMap(([environment, { services }]) =>
    Object.entries(services)
      .filter(([, { gpu }]) => gpu !== undefined)
      .map(([service]) => ["environments", environment, "services", service, "gpu"]),
  );
  return training.gpu === undefined ? services : [...services, ["training", "gpu"]];
}
