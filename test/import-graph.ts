import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import ts from "typescript";

/** Root of the checkout. */
export const root = resolve(import.meta.dirname, "..");
/** Folders with source files. */
export const FOLDERS = [
  "bench",
  "cli",
  "components",
  "cost",
  "local",
  "operations",
  "policy",
  "runtime",
  "stacks",
  "workloads",
];

export interface Import {
  /** The importing file, from the root. */
  from: string;
  /** The imported file from the root, or the name of a package. */
  to: string;
  /** Erased when the file runs. */
  typeOnly: boolean;
}

function sourceFiles(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return ["node_modules", "dist"].includes(entry.name) ? [] : sourceFiles(path);
    return /\.tsx?$/.test(entry.name) && !entry.name.endsWith(".d.ts") ? [path] : [];
  });
}

/** Static imports, re-exports, and dynamic imports of a literal. */
export function importsOf(from: string, text: string): Import[] {
  const source = ts.createSourceFile(from, text, ts.ScriptTarget.ES2023, true);
  const found: Import[] = [];
  const add = (specifier: ts.Node | undefined, typeOnly: boolean): void => {
    if (specifier === undefined || !ts.isStringLiteral(specifier)) return;
    const { text: name } = specifier;
    const to = name.startsWith(".") ? relative(root, resolve(root, dirname(from), name)) : packageOf(name);
    found.push({ from, to, typeOnly });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) add(node.moduleSpecifier, isTypeOnly(node.importClause));
    else if (ts.isExportDeclaration(node)) add(node.moduleSpecifier, node.isTypeOnly);
    else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
      add(node.arguments[0], false);
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument))
      add(node.argument.literal, true);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function isTypeOnly(clause: ts.ImportClause | undefined): boolean {
  if (clause === undefined) return false;
  if (clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true;
  const { namedBindings, name } = clause;
  return (
    name === undefined &&
    namedBindings !== undefined &&
    ts.isNamedImports(namedBindings) &&
    namedBindings.elements.length > 0 &&
    namedBindings.elements.every((element) => element.isTypeOnly)
  );
}

/** `@pulumi/pulumi/automation/index.js` → `@pulumi/pulumi`. */
function packageOf(specifier: string): string {
  return specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
}

/** All source files, from the root. */
export const files = FOLDERS.filter((folder) => existsSync(join(root, folder))).flatMap(sourceFiles);
/** All imports of the source files. */
export const imports = files.flatMap((file) => importsOf(file, readFileSync(join(root, file), "utf8")));

/** The first cycle of a graph, its start at both ends; empty if it has none. */
export function findCycle(next: ReadonlyMap<string, readonly string[]>): string[] {
  const done = new Set<string>();
  const search = (node: string, path: string[]): string[] => {
    const at = path.indexOf(node);
    if (at >= 0) return [...path.slice(at), node];
    if (done.has(node)) return [];
    for (const neighbour of next.get(node) ?? []) {
      const cycle = search(neighbour, [...path, node]);
      if (cycle.length > 0) return cycle;
    }
    done.add(node);
    return [];
  };
  for (const node of next.keys()) {
    const cycle = search(node, []);
    if (cycle.length > 0) return cycle;
  }
  return [];
}
