import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";

const configSchema = z.record(z.string(), z.unknown());

export interface ProjectPolicyPack {
  path: string;
  /** File with the pack's config for the stack, as for `pulumi preview --policy-pack-config`. @default - none */
  configFile?: string;
}

/** Returns the policy pack of a project, with `policy/config/<stack>.json` if there is one; undefined where the project has no pack. */
export function projectPolicyPack(projectDir: string, stack: string): ProjectPolicyPack | undefined {
  const path = join(projectDir, "policy");
  if (!existsSync(join(path, "PulumiPolicy.yaml"))) return undefined;
  const configFile = join(path, "config", `${stack}.json`);
  return existsSync(configFile) ? { path, configFile } : { path };
}

/** Reads the config of a pack. Throws where it is not a JSON object. */
export async function readPolicyConfig(file: string): Promise<Record<string, unknown>> {
  const text = await readFile(file, "utf8");
  try {
    return configSchema.parse(JSON.parse(text));
  } catch {
    throw new Error(`${file}: must be a JSON object, policy → its config`);
  }
}
