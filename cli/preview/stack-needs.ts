import { access } from "node:fs/promises";
import { resolve } from "node:path";
import { z } from "zod";
import { loadStackFile, type StackFile } from "../../operations/stack/load-stack-file.ts";

/** What of a stack's file decides how it can be previewed; the program checks all the rest. */
const configSchema = z.looseObject({
  "slipway:cluster": z.looseObject({ kind: z.string().default("existing") }).prefault({}),
  "slipway:registry": z
    .looseObject({
      kind: z.string(),
      credentialsFile: z.string().optional(),
      readCredentialsFile: z.string().optional(),
    })
    .optional(),
  "slipway:images": z.looseObject({ lockFile: z.string() }).optional(),
});

export interface StackNeeds {
  stack: string;
  file: StackFile;
  /** Kind of its cluster: existing, eks, gke or aks. */
  cluster: string;
  /** Its registry is the one that this machine runs, so that the local cluster is its cluster. */
  isLocal: boolean;
  /** Files that it names and that are not there, each with what makes it. */
  missing: { path: string; fix: string }[];
  /** The file has sealed secrets. */
  hasSecrets: boolean;
  /** Config as text, secrets hidden. */
  config: Record<string, string>;
}

/** Reads what a preview of a stack needs. Throws where there is no such stack. */
export async function stackNeeds(root: string, stack: string): Promise<StackNeeds> {
  const file = await loadStackFile(root, stack);
  const parsed = configSchema.safeParse(file.config);
  if (!parsed.success)
    throw new Error(
      `${file.file}: ${parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`).join("; ")}`,
    );
  const config = parsed.data;
  const registry = config["slipway:registry"];
  const isLocal = registry?.kind === "local";
  const lockFile = config["slipway:images"]?.lockFile;
  const wanted = [
    ...(lockFile === undefined
      ? []
      : [
          {
            path: lockFile,
            fix: isLocal ? "npm run up builds the images" : `npm run mirror -- --stack ${stack} copies them`,
          },
        ]),
    ...[registry?.credentialsFile, registry?.readCredentialsFile]
      .filter((path) => path !== undefined)
      .map((path) => ({ path, fix: isLocal ? "npm run up starts the registry" : "docker login writes it" })),
  ];
  const found = await Promise.all(wanted.map(({ path }) => exists(resolve(root, path))));
  return {
    stack,
    file,
    cluster: config["slipway:cluster"].kind,
    isLocal,
    missing: wanted.filter((_, index) => !found[index]),
    hasSecrets: file.hasSecrets,
    config: Object.fromEntries(Object.entries(config).map(([key, value]) => [key, shown(value)])),
  };
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
