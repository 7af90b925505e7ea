import { access, readdir, readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { hasSecrets } from "../../local/engine/project/stack-config.ts";

/** What of a stack's file decides how it can be previewed; the program checks all the rest. */
const stackFileSchema = z.object({
  encryptionsalt: z.string().optional(),
  config: z
    .looseObject({
      "slipway:cluster": z.looseObject({ kind: z.string().default("existing") }).prefault({}),
      "slipway:registry": z
        .looseObject({ kind: z.string(), credentialsFile: z.string().optional() })
        .optional(),
      "slipway:images": z.looseObject({ lockFile: z.string() }).optional(),
    })
    .prefault({}),
});

export interface StackNeeds {
  stack: string;
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

/** Stacks that a folder has files for, sorted. */
export async function stacksOf(root: string): Promise<string[]> {
  const names = (await readdir(root)).map((file) => /^Pulumi\.([a-z0-9][a-z0-9-]*)\.yaml$/.exec(file)?.[1]);
  return names.filter((name) => name !== undefined).sort();
}

/** Reads what a preview of a stack needs. Throws where there is no such stack. */
export async function stackNeeds(root: string, stack: string): Promise<StackNeeds> {
  const file = join(root, `Pulumi.${stack}.yaml`);
  const text = await readFile(file, "utf8").catch(async () => {
    throw new Error(
      `--stack ${stack}: there is no Pulumi.${stack}.yaml; stacks: ${(await stacksOf(root)).join(", ") || "none"}`,
    );
  });
  const parsed = stackFileSchema.safeParse(parse(text) ?? {});
  if (!parsed.success)
    throw new Error(
      `Pulumi.${stack}.yaml: ${parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`).join("; ")}`,
    );
  const { config } = parsed.data;
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
    ...(registry?.credentialsFile === undefined
      ? []
      : [
          {
            path: registry.credentialsFile,
            fix: isLocal ? "npm run up starts the registry" : "docker login writes it",
          },
        ]),
  ];
  const found = await Promise.all(wanted.map(({ path }) => exists(resolve(root, path))));
  return {
    stack,
    cluster: config["slipway:cluster"].kind,
    isLocal,
    missing: wanted.filter((_, index) => !found[index]),
    hasSecrets: hasSecrets(config),
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
