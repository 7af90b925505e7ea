import path from "node:path";
import type { CaseStep } from "./case.ts";

export const PROJECT_DIR = path.join(import.meta.dirname, "project");
export const PROJECT = "conformance";
export const STACK = "test";
export const PASSPHRASE = "for tests only";

/** One operation of one engine. */
export interface Run {
  operation: CaseStep["run"];
  config: Readonly<Record<string, string>>;
  /** Where the engine keeps its state. */
  folder: string;
  kubeconfig: string;
  namespace: string;
  /** Operations at once. */
  parallel: number;
}

/** Keys of the config with their namespaces: the project's own where a key names none. */
export function fullKeys(config: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => [key.includes(":") ? key : `${PROJECT}:${key}`, value]),
  );
}
