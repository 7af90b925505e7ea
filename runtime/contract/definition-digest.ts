import { createHash } from "node:crypto";
import type { Workload } from "./workload.ts";

/**
 * Returns 16 hex digits that change with everything in a workload's definitions that affects its data set or, if a model is named,
 * that model. Descriptions are left out. A job compares the digest of its image's definitions with that of the caller's.
 */
export function definitionDigest({ name, source, tables, views, models }: Workload, model?: string): string {
  const definition = models.find((candidate) => candidate.name === model);
  const used = views.filter((view) => definition?.views.includes(view.name));
  const text = JSON.stringify(
    { name, source, tables, views: used, model: definition },
    (key, value: unknown) => (key === "description" ? undefined : value),
  );
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}
