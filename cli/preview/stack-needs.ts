import { access } from "node:fs/promises";
import { resolve } from "node:path";
import { z } from "zod";
import { configWithFoundation, foundationOf } from "../../operations/stack/foundation-of.ts";
import { loadStackFile, type StackFile } from "../../operations/stack/load-stack-file.ts";
import type { ConfigProblem } from "../../stacks/config/config-problem.ts";
import { commandFor, missingFile, type NamedFile } from "../../stacks/config/missing-file.ts";
import { toProblem } from "../../stacks/config/parse-config.ts";
import type { ReadFoundationFile } from "../../stacks/config/foundation-file.ts";
import { readStackFile } from "../../stacks/config/stack-file.ts";
import { PROJECT } from "../../stacks/config/project-name.ts";

const text = z.string().optional().catch(undefined);
/** The keys that decide how a stack can be previewed. Wrong values count as absent here: the check of the whole file names them. */
const configSchema = z.looseObject({
  "slipway:cluster": z.looseObject({ kind: z.string().catch("existing") }).catch({ kind: "existing" }),
  "slipway:registry": z
    .looseObject({ kind: text, credentialsFile: text, readCredentialsFile: text })
    .catch({ kind: undefined, credentialsFile: undefined, readCredentialsFile: undefined }),
  "slipway:images": z.looseObject({ lockFile: text }).catch({ lockFile: undefined }),
});

export interface StackNeeds {
  stack: string;
  file: StackFile;
  /** Kind of its cluster: existing, eks, gke or aks. */
  cluster: string;
  /** Stack of the foundation that it stands on. @default - none */
  foundation: string | undefined;
  /** Whether its registry is the one that this machine runs, so that the local cluster is its cluster. */
  isLocal: boolean;
  /** One problem for each file that the config names and that is not there. */
  missing: ConfigProblem[];
  /** Whether the file has sealed secrets. */
  hasSecrets: boolean;
  /** Config as text, secrets hidden. */
  config: Record<string, string>;
}

/** Reads from a stack's file what its preview needs. Throws where there is no such stack, or its file is not YAML. */
export async function stackNeeds(root: string, stack: string): Promise<StackNeeds> {
  const file = await loadStackFile(root, stack);
  const config = configSchema.parse(await configWithFoundation(file));
  const foundation = await foundationOf(file);
  const { lockFile } = config["slipway:images"];
  const { kind: registryKind, credentialsFile, readCredentialsFile } = config["slipway:registry"];
  const paths = { lockFile, credentialsFile, readCredentialsFile };
  const files = (Object.keys(paths) as (keyof typeof paths)[]).flatMap((key): NamedFile[] => {
    const path = paths[key];
    if (path === undefined) return [];
    const section = key === "lockFile" ? "images" : "registry";
    return [{ key: [section, key], path, fix: commandFor(key, { registryKind, stack }) }];
  });
  return {
    stack,
    file,
    cluster: config["slipway:cluster"].kind,
    isLocal: registryKind === "local",
    foundation: foundation?.stack,
    missing: await missingFiles(files, root, file, foundation),
    hasSecrets: file.hasSecrets,
    config: Object.fromEntries(Object.entries(file.config).map(([key, value]) => [key, shown(value)])),
  };
}

async function missingFiles(
  files: readonly NamedFile[],
  root: string,
  { file: name, text }: Pick<StackFile, "file" | "text">,
  foundation: ReadFoundationFile | undefined,
): Promise<ConfigProblem[]> {
  const found = await Promise.all(files.map(({ path }) => exists(resolve(root, path))));
  const missing = files.filter((_, index) => !found[index]);
  const source = { name, file: readStackFile(text, PROJECT), foundation: foundation?.source };
  const inFoundation = foundation !== undefined; // all of these files are keys of the foundation
  const faults = await Promise.all(missing.map((each) => missingFile(each, root)));
  return faults.map((fault) => toProblem({ ...fault, inFoundation }, source));
}

/** Config as the CLI shows it: objects as JSON, what is sealed hidden. */
function shown(value: unknown): string {
  const open = (inner: unknown): unknown => {
    if (Array.isArray(inner)) return inner.map(open);
    if (typeof inner !== "object" || inner === null) return inner;
    if ("secure" in inner) return "[secret]";
    return Object.fromEntries(Object.entries(inner).map(([key, item]) => [key, open(item)]));
  };
  const plain = open(value);
  return typeof plain === "string" ? plain : JSON.stringify(plain);
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
