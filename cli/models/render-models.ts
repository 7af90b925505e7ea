import type { ModelVersion } from "../../operations/models/list-models.ts";
import type { RemovalPlan } from "../../operations/models/plan-removal.ts";
import { table } from "../table.ts";

/** Renders the model versions in a registry as a table. */
export function renderModels(versions: readonly ModelVersion[]): string {
  if (versions.length === 0) return "the registry has no model: npm run train";
  const hasTime = versions.some(({ made }) => made !== null);
  return table(
    [
      "model",
      "workload",
      "version",
      "tags",
      "metric",
      "used by",
      "code",
      ...(hasTime ? ["made"] : []),
      "size",
    ],
    versions.map(({ model, workload, digest, tags, metric, usedBy, codeRevision, made, bytes }) => [
      model,
      workload,
      short(digest),
      tags.join(", ") || "-",
      metric === null ? "-" : `${metric.name} ${metric.value?.toFixed(4) ?? "-"}`,
      usedBy === null ? "?" : usedBy.join(", ") || "-",
      codeRevision === null ? "-" : codeRevision.replace(/^([0-9a-f]{7})[0-9a-f]*/, "$1"),
      ...(hasTime ? [made ?? "-"] : []),
      size(bytes),
    ]),
  );
}

/** Renders what a removal removes, and the space that its files take. */
export function renderRemoval({ remove, bytes }: RemovalPlan): string {
  if (remove.length === 0)
    return "nothing to remove: every artifact is in use, the newest, or part of a model that is";
  const rows = remove.map((item) => [item.repository, short(item.digest), size(item.bytes)]);
  return `${table(["repository", "version", "size"], rows)}\n\n${remove.length} artifacts, ${size(bytes)}; the registry frees the space of their files when it collects garbage`;
}

const short = (digest: string): string => digest.slice("sha256:".length, "sha256:".length + 12);

function size(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  const [value, unit] =
    bytes < 1024 ** 2
      ? [bytes / 1024, "KiB"]
      : bytes < 1024 ** 3
        ? [bytes / 1024 ** 2, "MiB"]
        : [bytes / 1024 ** 3, "GiB"];
  return `${value.toFixed(1)} ${unit}`;
}
