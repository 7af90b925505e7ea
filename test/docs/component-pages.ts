import { readFileSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";

const FOLDER = resolve(import.meta.dirname, "../../docs/components");

export interface PageRow {
  /** An argument, as the row names it. */
  name: string;
  type: string;
  defaultText: string;
}

export interface ComponentPage {
  file: string;
  component: string;
  rows: PageRow[];
  /** The section about the component's arguments. */
  section: string;
}

/**
 * The components that pages describe. The title names one or more: `# Aks`, `# GpuSystem, DcgmExporter and
 * NvidiaDevicePlugin`. The arguments of one stand under `## Arguments`, those of several each under `### NAME` there.
 */
export function readPages(): ComponentPage[] {
  return readdirSync(FOLDER).flatMap((file) => {
    const text = readFileSync(join(FOLDER, file), "utf8");
    const names = (/^# (.+)$/m.exec(text)?.[1] ?? "").split(/, | and /);
    const section = sectionOf(text, "## Arguments");
    return names.map((component) => {
      const own = names.length === 1 ? section : sectionOf(section, `### ${component}`);
      return { file, component, rows: rowsOf(own), section: own };
    });
  });
}

/** The text from a heading to the next one of the same level or a higher one. */
function sectionOf(text: string, heading: string): string {
  const lines = text.split("\n");
  const start = lines.indexOf(heading);
  if (start < 0) return "";
  const level = heading.split(" ")[0]!.length;
  const end = lines.findIndex((line, index) => index > start && new RegExp(`^#{1,${level}} `).test(line));
  return lines.slice(start + 1, end < 0 ? undefined : end).join("\n");
}

/** Rows of the first table of a section; a row that names several arguments counts for each. */
function rowsOf(section: string): PageRow[] {
  const lines = section.split("\n");
  const start = lines.indexOf("| name | type | default | meaning |");
  if (start < 0) return [];
  const length = lines.slice(start).findIndex((line) => !line.startsWith("|"));
  return lines.slice(start + 2, length < 0 ? undefined : start + length).flatMap((line): PageRow[] => {
    const [, names = "", type = "", defaultText = ""] = line.split(/(?<!\\)\|/).map((cell) => cell.trim());
    return [...names.matchAll(/`([^`]+)`/g)].map(([, name = ""]) => ({ name, type, defaultText }));
  });
}
