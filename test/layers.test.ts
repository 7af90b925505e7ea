import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import ts from "typescript";
import { expect, test } from "vitest";

const root = resolve(import.meta.dirname, "..");
const FOLDERS = [
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

interface Import {
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
function importsOf(from: string, text: string): Import[] {
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

const files = FOLDERS.filter((folder) => existsSync(join(root, folder))).flatMap(sourceFiles);
const imports = files.flatMap((file) => importsOf(file, readFileSync(join(root, file), "utf8")));

/** Capabilities and top-level files of runtime that its jobs share. */
const SHARED_RUNTIME = /^runtime\/(contract|artifacts|features|onnx|profile|redis)\/|^runtime\/[^/]+\.ts$/;
const CATALOG = /^workloads\/catalog\.ts$/;
const IMAGES_LOCK = /^components\/platform\/registry\/images-lock\.ts$/;
/** What a cloud calls its machines and versions: data that prices and policies read too. */
const COMPONENT_DATA =
  /^components\/platform\/(registry\/images-lock|kubernetes\/gpu-types|gpu\/gpu-machines)\.ts$|^components\/[a-z]+\/cluster\/[a-z]+-versions\.ts$/;

interface Rule {
  rule: string;
  /** Files that it binds. */
  files: RegExp;
  /** Project files that they may import; a function of the importing file where it matters. */
  mayImport: (from: string) => RegExp[];
}

const folderOf = (file: string): RegExp => new RegExp(`^${file.split("/").slice(0, 2).join("/")}/`);

const RULES: Rule[] = [
  {
    // A tag that a service follows is looked up in the registry, by the client that pods use too.
    rule: "stacks import components, the contract, the registry's client, errors of the runtime, the catalogue of workloads and the forms of secrets",
    files: /^stacks\//,
    mayImport: () => [
      /^stacks\//,
      /^components\//,
      /^runtime\/(contract|artifacts)\//,
      /^runtime\/errors\.ts$/,
      CATALOG,
      /^policy\/platform\/secret-(shapes|names)\.ts$/,
    ],
  },
  {
    rule: "components of the platform import each other and the contract",
    files: /^components\/platform\//,
    mayImport: () => [/^components\/platform\//, /^runtime\/contract\//],
  },
  {
    rule: "components of a cloud import their own cloud, the platform and the contract",
    files: /^components\/(aws|gcp|azure)\//,
    mayImport: (from) => [folderOf(from), /^components\/platform\//, /^runtime\/contract\//],
  },
  {
    rule: "the contract imports nothing else of the project",
    files: /^runtime\/contract\//,
    mayImport: () => [/^runtime\/contract\//],
  },
  {
    rule: "jobs of runtime import their own folder and shared capabilities, never one another",
    files: /^runtime\/[^/]+\/(?<!contract\/)/,
    mayImport: (from) => [folderOf(from), SHARED_RUNTIME],
  },
  {
    // main.ts composes the jobs and the workloads: what a job needs of a workload, it is handed.
    rule: "runtime/main.ts alone imports the catalogue of workloads",
    files: /^runtime\/main\.ts$/,
    mayImport: () => [/^runtime\//, CATALOG],
  },
  {
    rule: "other top-level files of runtime import runtime",
    files: /^runtime\/(?!main\.ts)[^/]+\.ts$/,
    mayImport: () => [/^runtime\//],
  },
  {
    rule: "a workload imports itself and the contract",
    files: /^workloads\/[^/]+\//,
    mayImport: (from) => [folderOf(from), /^runtime\/contract\//],
  },
  {
    rule: "the catalogue imports the workloads, the contract and its errors",
    files: CATALOG,
    mayImport: () => [/^workloads\//, /^runtime\/contract\//, /^runtime\/errors\.ts$/],
  },
  {
    rule: "local/engine imports nothing outside itself",
    files: /^local\/engine\//,
    mayImport: () => [/^local\/engine\//],
  },
  {
    rule: "local/images imports local, the registry's client and the form of its lock file",
    files: /^local\/images\//,
    mayImport: () => [/^local\//, /^runtime\/(contract|artifacts)\//, IMAGES_LOCK],
  },
  {
    rule: "the rest of local imports local, and the form of the images' lock file",
    files: /^local\/(?!engine\/|images\/)/,
    mayImport: () => [/^local\//, IMAGES_LOCK],
  },
  {
    rule: "cost imports itself and the data of components",
    files: /^cost\//,
    mayImport: () => [/^cost\//, COMPONENT_DATA],
  },
  {
    rule: "policy imports itself, cost and the data of components",
    files: /^policy\//,
    mayImport: () => [/^policy\//, /^cost\//, COMPONENT_DATA],
  },
  {
    // Fetching the source is the host's part of the ingest job: pods reach no package registry.
    rule: "operations import local, capabilities of runtime, workloads and how a stack's config is read, and no command",
    files: /^operations\//,
    mayImport: () => [
      /^operations\//,
      /^local\//,
      /^runtime\/(contract|artifacts|features)\//,
      /^runtime\/[^/]+\.ts$/,
      /^runtime\/data\/publish-source\.ts$/,
      /^stacks\/(config\/|platform-outputs\.ts$)/,
      /^workloads\//,
      IMAGES_LOCK,
    ],
  },
  {
    rule: "cli imports operations, local, cost, capabilities of runtime, workloads and how a stack's config is read",
    files: /^cli\//,
    mayImport: () => [
      /^cli\//,
      /^operations\//,
      /^local\//,
      /^cost\//,
      /^runtime\/(contract|artifacts|features)\//,
      /^runtime\/[^/]+\.ts$/,
      /^stacks\/(config\/|platform-outputs\.ts$)/,
      /^workloads\//,
      IMAGES_LOCK,
    ],
  },
];

test("the scanner sees every form of import", () => {
  const text = `
    import { a } from "./a.ts";
    import type { b } from "./b.ts";
    import { type c } from "../c.ts";
    import "./d.ts";
    export { e } from "./e.ts";
    const f = await import("./f.ts");
    type G = import("./g.ts").G;
    import { h } from "@scope/name/deep.js";
    import { i } from "node:fs";
  `;
  expect(importsOf("stacks/x/y.ts", text)).toEqual([
    { from: "stacks/x/y.ts", to: "stacks/x/a.ts", typeOnly: false },
    { from: "stacks/x/y.ts", to: "stacks/x/b.ts", typeOnly: true },
    { from: "stacks/x/y.ts", to: "stacks/c.ts", typeOnly: true },
    { from: "stacks/x/y.ts", to: "stacks/x/d.ts", typeOnly: false },
    { from: "stacks/x/y.ts", to: "stacks/x/e.ts", typeOnly: false },
    { from: "stacks/x/y.ts", to: "stacks/x/f.ts", typeOnly: false },
    { from: "stacks/x/y.ts", to: "stacks/x/g.ts", typeOnly: true },
    { from: "stacks/x/y.ts", to: "@scope/name", typeOnly: false },
    { from: "stacks/x/y.ts", to: "node:fs", typeOnly: false },
  ]);
});

test("the scanner reads the whole project", () => {
  expect(files.length).toBeGreaterThan(100);
  expect(imports).toContainEqual({
    from: "stacks/index.ts",
    to: "stacks/config/load-config.ts",
    typeOnly: false,
  });
});

test.each(RULES)("$rule", ({ files: bound, mayImport }) => {
  const own = imports.filter(
    ({ from, to }) => bound.test(from) && FOLDERS.includes(to.split("/")[0] ?? "") && to.includes("/"),
  );
  expect(
    files.some((file) => bound.test(file)),
    "the rule binds some file",
  ).toBe(true);
  const broken = own.filter(({ from, to }) => !mayImport(from).some((allowed) => allowed.test(to)));
  expect(broken.map(({ from, to }) => `${from} → ${to}`)).toEqual([]);
});

test.each([
  ["runtime and workloads", /^(runtime|workloads)\//, /^@pulumi\//],
  ["local/engine's Kubernetes provider aside, local", /^local\/(?!engine\/)/, /^@pulumi\//],
  ["components and stacks", /^(components|stacks)\//, /^@kubernetes\/client-node$/],
  [
    "components of the platform",
    /^components\/platform\//,
    /^@pulumi\/(?!pulumi$|kubernetes$|docker$|random$)/,
  ],
  ["components of AWS", /^components\/aws\//, /^@pulumi\/(?!pulumi$|kubernetes$|random$|aws$)/],
  ["components of Google Cloud", /^components\/gcp\//, /^@pulumi\/(?!pulumi$|kubernetes$|random$|gcp$)/],
  ["components of Azure", /^components\/azure\//, /^@pulumi\/(?!pulumi$|kubernetes$|random$|azure-native$)/],
])("%s never import %s", (_title, bound, forbidden) => {
  const broken = imports.filter(({ from, to }) => bound.test(from) && forbidden.test(to));
  expect(broken.map(({ from, to }) => `${from} → ${to}`)).toEqual([]);
});

// One adapter for each job that needs it.
test.each([
  ["onnxruntime-node", /^runtime\/(serving\/scorer|onnx\/score-onnx)\.ts$/],
  ["koffi", /^runtime\/training\/lightgbm\/lightgbm\.ts$/],
])("only its adapters import %s", (name, only) => {
  const importers = imports.filter(({ to, typeOnly }) => to === name && !typeOnly).map(({ from }) => from);
  expect(importers.filter((file) => !only.test(file))).toEqual([]);
});

/** An operation is called by a command line, a console, a test: each shows it in its own way and decides when to end. */
test("operations print nothing and end no process", () => {
  const terminal = files.filter(
    (file) =>
      file.startsWith("operations/") &&
      /\bconsole\.|\bprocess\.(stdout|stderr|exit|exitCode|once|on)\b/.test(
        stripComments(readFileSync(join(root, file), "utf8")),
      ),
  );
  expect(terminal).toEqual([]);
});

/** Help and refusals are quick because a command loads its work on demand. */
test("the declarations of commands load no package and nothing that runs", () => {
  const light =
    /^cli\/(commands\/[^/]+|command|flag|platform-flags|exit-code|help-text|parse-flags|npm-trap|usage-error)\.ts$/;
  const heavy = imports.filter(
    ({ from, to, typeOnly }) =>
      light.test(from) &&
      !typeOnly &&
      !light.test(to) &&
      !/^cli\/run\/|^stacks\/config\/nearest-name\.ts$|^operations\/wrong-request\.ts$/.test(to),
  );
  expect(heavy.map(({ from, to }) => `${from} → ${to}`)).toEqual([]);
});

test("only the runtime's main imports a job, so that a folder of capabilities may hold jobs too", () => {
  const jobs = imports.filter(({ to }) => /^runtime\/.*-job\.ts$/.test(to));
  expect(jobs.length).toBeGreaterThan(5);
  expect(jobs.filter(({ from }) => from !== "runtime/main.ts")).toEqual([]);
});

test("config is read in one place", () => {
  const readers = files.filter((file) => {
    if (!/^(components|stacks)\//.test(file)) return false;
    return /\bnew pulumi\.Config\b|runtime\.allConfig\b/.test(readFileSync(join(root, file), "utf8"));
  });
  expect(readers).toEqual(["stacks/config/load-config.ts"]);
});

/** Wiring, and what hands the environment on to the programs that it starts. */
const READS_ENVIRONMENT =
  /^(cli|operations|bench)\/|^local\/(home|run-command)\.ts$|^local\/engine\/engine\.ts$|^(runtime\/main|stacks\/index)\.ts$/;

test("process.env is read in main-like wiring only", () => {
  const readers = files.filter(
    (file) =>
      !READS_ENVIRONMENT.test(file) &&
      /\bprocess\.env\b/.test(stripComments(readFileSync(join(root, file), "utf8"))),
  );
  expect(readers).toEqual([]);
});

function stripComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\/|(^|[^:])\/\/.*$/gm, "$1");
}

// Type imports count too: in a reader's head they are circles like any other.
test("no import goes in a circle", () => {
  const next = new Map<string, string[]>();
  for (const { from, to } of imports)
    if (to.includes("/") && !to.startsWith("@")) next.set(from, [...(next.get(from) ?? []), to]);
  expect(findCycle(next)).toEqual([]);
});

test("a circle is found where there is one", () => {
  const next = new Map([
    ["a", ["b"]],
    ["b", ["c", "d"]],
    ["d", ["b"]],
  ]);
  expect(findCycle(next)).toEqual(["b", "d", "b"]);
});

/** The first cycle of a graph, its start at both ends; empty if it has none. */
function findCycle(next: ReadonlyMap<string, readonly string[]>): string[] {
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
