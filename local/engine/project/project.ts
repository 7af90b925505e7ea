import { readFile, stat } from "node:fs/promises";
import path from "node:path";
import { parse } from "yaml";
import { asMap } from "./as-map.ts";
import { readDeclaredConfig } from "./declared-config.ts";
import type { DeclaredConfig } from "./declared-config.ts";
import { parseWritten } from "./written-yaml.ts";

/** The parts of a Pulumi.yaml that the engine needs. */
export interface Project {
  name: string;
  /** Folder of Pulumi.yaml. */
  root: string;
  /** Folder in which the program runs. */
  programDir: string;
  /** The program: a file in `programDir`, or `.` */
  entry: string;
  nodeArgs: string[];
  typescript: boolean;
  /** Folder of Pulumi.STACK.yaml. */
  configDir: string;
  /** The keys that Pulumi.yaml declares under `config`. */
  declaredConfig: DeclaredConfig[];
}

/** Reads a folder's Pulumi.yaml. Throws if its runtime is not nodejs. */
export async function loadProject(root: string): Promise<Project> {
  const file = path.join(root, "Pulumi.yaml");
  const text = await readFile(file, "utf8").catch(() => {
    throw new Error(`${file}: not found; projectDir must be the folder of a Pulumi project`);
  });
  const yaml = asMap(parse(text) as unknown);
  const written = asMap(parseWritten(text));
  // In older files stackConfigDir is a text under `config`.
  const configDir = yaml["stackConfigDir"] ?? yaml["config"];
  const name = yaml["name"];
  if (typeof name !== "string" || name === "") throw new Error(`${file}: name must be a string`);
  const runtime = typeof yaml["runtime"] === "string" ? { name: yaml["runtime"] } : asMap(yaml["runtime"]);
  if (runtime["name"] !== "nodejs") {
    throw new Error(`${file}: runtime must be nodejs, got ${JSON.stringify(runtime["name"])}`);
  }
  const options = asMap(runtime["options"]);
  const { programDir, entry } = await locate(root, yaml["main"]);
  return {
    name,
    root,
    programDir,
    entry,
    nodeArgs: splitArguments(typeof options["nodeargs"] === "string" ? options["nodeargs"] : ""),
    typescript: options["typescript"] !== false,
    configDir: typeof configDir === "string" ? path.resolve(root, configDir) : root,
    declaredConfig: readDeclaredConfig(name, written["config"]),
  };
}

async function locate(root: string, main: unknown): Promise<{ programDir: string; entry: string }> {
  if (typeof main !== "string" || main === "") return { programDir: root, entry: "." };
  const target = path.resolve(root, main);
  const isFolder = await stat(target).then(
    (info) => info.isDirectory(),
    () => false,
  );
  if (isFolder) return { programDir: target, entry: "." };
  return { programDir: path.dirname(target), entry: path.basename(target) };
}

/** Splits a text into arguments as a shell does, with single and double quotes. */
export function splitArguments(text: string): string[] {
  return [...text.matchAll(/(?:[^\s"']+|"[^"]*"|'[^']*')+/g)].map(([word]) =>
    word.replace(/"([^"]*)"|'([^']*)'/g, "$1$2"),
  );
}
