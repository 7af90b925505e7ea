import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

const PACKAGES = resolve(import.meta.dirname, "../../../../node_modules/@pulumi");
const files = new Map<string, string>();

function read(file: string): string {
  let text = files.get(file);
  if (text === undefined) files.set(file, (text = readFileSync(file, "utf8")));
  return text;
}

/** Inputs of a resource type by name, each with its declared type, from the SDK's declarations. */
export function sdkInputs(type: string): Map<string, string> {
  const [, pkg = "", path = "", token = ""] = /^([^:]+):([^:]+):(.+)$/.exec(type) ?? [];
  const module = path.split("/")[0] ?? "";
  const stem = path.includes("/") ? path.split("/")[1]! : token[0]!.toLowerCase() + token.slice(1);
  const folder = join(PACKAGES, pkg, module);
  // iAMMember is the file iammember.
  const file = [stem, stem.toLowerCase()].map((name) => join(folder, `${name}.d.ts`)).find(existsSync);
  if (file === undefined) throw new Error(`${type}: no declaration in ${folder}`);
  return membersOf(read(file), `export interface ${token}Args {`, type);
}

/** The declared type of an input at a path such as `kubernetesNetworkConfig.ipFamily`; undefined where there is none. */
export function sdkInput(type: string, path: string): string | undefined {
  const [pkg = ""] = type.split(":");
  let members: Map<string, string> | undefined = sdkInputs(type);
  let found: string | undefined;
  for (const key of path.split(".")) {
    found = members?.get(key.replace("[*]", ""));
    const [, module, name]: string[] = /inputs\.(\w+)\.(\w+)/.exec(found ?? "") ?? [];
    members = module === undefined ? undefined : nested(pkg, module, name ?? "");
  }
  return found;
}

function nested(pkg: string, module: string, name: string): Map<string, string> {
  const text = read(join(PACKAGES, pkg, "types/input.d.ts"));
  const start = text.indexOf(`declare namespace ${module} {`);
  const from = text.slice(start, text.indexOf("\nexport declare namespace ", start + 1) >>> 0);
  return membersOf(from, `interface ${name} {`, `${pkg} ${module}.${name}`);
}

function membersOf(text: string, heading: string, owner: string): Map<string, string> {
  const start = text.indexOf(heading);
  if (start < 0) throw new Error(`${owner}: no ${heading}`);
  const indent =
    /\n( *)\S[^\n]*$/.exec(`\n${text.slice(text.lastIndexOf("\n", start) + 1, start + 1)}`)?.[1] ?? "";
  const body = text.slice(start, text.indexOf(`\n${indent}}`, start));
  const members = [...body.matchAll(/^ +"?(\w+)"?(\??): (.+)$/gm)];
  return new Map(
    members.map(([, name = "", optional = "", declared = ""]) => [name, `${optional}${declared}`]),
  );
}
