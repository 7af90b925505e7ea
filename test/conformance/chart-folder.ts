import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

/** Writes a Helm chart with one ConfigMap, `from-chart`, to a new folder, and returns the folder. */
export function chartFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), "chart-"));
  mkdirSync(path.join(folder, "templates"));
  writeFileSync(path.join(folder, "Chart.yaml"), "apiVersion: v2\nname: small\nversion: 0.1.0\n");
  writeFileSync(
    path.join(folder, "templates", "map.yaml"),
    "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: from-chart }\n",
  );
  return folder;
}
