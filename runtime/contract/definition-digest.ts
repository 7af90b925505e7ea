import { createHash } from "node:crypto";
import type { Workload } from "./workload.ts";

/**
 * Returns 16 hex digits that change with anything in a workload's definitions that decides its data set or, where a model is
 * named, that model. Descriptions are left out. Images carry definitions: whoever starts a job compares theirs with its own.
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
