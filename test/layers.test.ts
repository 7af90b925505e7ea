import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { files, findCycle, FOLDERS, imports, root } from "./import-graph.ts";
import { RULES } from "./layer-rules.ts";

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
  ["onnxruntime-node", /^runtime\/(serving\/scorer|onnx\/(score-onnx|import\/run-onnx))\.ts$/],
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
      !/^cli\/run\/|^runtime\/contract\/issues\/nearest-name\.ts$|^operations\/wrong-request\.ts$/.test(to),
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
