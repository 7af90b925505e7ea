import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";

/** The key `slipway:cluster`: a cluster with its region, or the name of the stack that has the cluster. */
const clusterSchema = z
  .looseObject({ region: z.string().optional(), stack: z.string().optional() })
  .catch({});
const fileSchema = z
  .looseObject({ config: z.looseObject({ "slipway:cluster": clusterSchema.prefault({}) }) })
  .catch({ config: { "slipway:cluster": {} } });

/**
 * Returns the region of a stack's cluster. A platform on a foundation has the region of its foundation, from the file of that stack.
 *
 * @param cluster - value of `slipway:cluster`
 * @param projectDir - folder of the stack files
 */
export function stackRegion(cluster: unknown, projectDir: string): string | undefined {
  const { region, stack } = clusterSchema.parse(cluster ?? {});
  if (region !== undefined || stack === undefined) return region;
  const text = readFileSync(join(projectDir, `Pulumi.${stack}.yaml`), "utf8");
  return fileSchema.parse(parse(text)).config["slipway:cluster"].region;
}
