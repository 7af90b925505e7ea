import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { BrokenWorkload } from "../../workloads/broken-workload.ts";
import { findWorkloads } from "../../workloads/find-workloads.ts";
import { flightDelays } from "../runtime/support/flight-delays.ts";

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "find-workloads-"));
  await write("workloads/README.md", "");
  await write("package.json", "{}");
});
afterEach(() => rm(root, { recursive: true }));

async function write(file: string, text: string): Promise<void> {
  await mkdir(dirname(join(root, file)), { recursive: true });
  await writeFile(join(root, file), text);
}
const definition = (changes: object): string =>
  `export default ${JSON.stringify({ ...flightDelays, ...changes })};`;
const names = async (): Promise<string[]> => [...(await findWorkloads(root)).workloads.keys()];
const faults = async (): Promise<Pick<BrokenWorkload, "workload" | "models" | "message">[]> =>
  (await findWorkloads(root)).broken.map(({ workload, models, message }) => ({ workload, models, message }));

it("finds a workload by its folder alone", async () => {
  expect(await names()).toEqual([]);
  await write("workloads/loans/workload.ts", definition({ name: "loans" }));
  await write("workloads/drafts/notes.ts", "throw new Error()");
  expect(await names()).toEqual(["loans"]);
});

it("finds a workload in a package that package.json names", async () => {
  await write("package.json", JSON.stringify({ slipway: { workloads: ["@team/prices"] } }));
  expect(await faults()).toEqual([
    {
      workload: "@team/prices",
      message:
        "package.json: slipway.workloads: there is no package @team/prices; run npm install @team/prices",
    },
  ]);
  const folder = "node_modules/@team/prices";
  await write(`${folder}/package.json`, '{ "type": "module", "exports": "./index.js" }');
  await write(`${folder}/index.js`, definition({ name: "prices" }));
  expect(await names()).toEqual(["prices"]);
  await write("package.json", JSON.stringify({ slipway: { workloads: "@team/prices" } }));
  await expect(names()).rejects.toThrow(
    "package.json: slipway.workloads must be a list of names of packages",
  );
});

it.each([
  [
    "breaks rules",
    definition({ name: "Loans", modles: [] }),
    undefined,
    'name: must be in kebab case, such as flight-delays, got "Loans"; modles: no such key; did you mean models?',
  ],
  [
    "exports nothing",
    "export const loans = {};",
    undefined,
    "must export its definition: export default defineWorkload({ … })",
  ],
  ["cannot be loaded", 'import "./missing.ts";', undefined, "must be a module that can be loaded: "],
  [
    "breaks a rule, with the names of its models",
    definition({ name: "loans", asOf: "yesterday" }),
    ["pushback", "two-hours-before"],
    "asOf: must be a UTC time",
  ],
])("names the file of a definition that %s, and still finds the others", async (_, text, models, message) => {
  await write("workloads/loans/workload.ts", text);
  await write("workloads/prices/workload.ts", definition({ name: "prices" }));
  const [fault] = await faults();
  expect(fault).toMatchObject({ workload: "loans", models });
  expect(fault?.message).toContain(`workloads/loans/workload.ts: ${message}`);
  expect(await names()).toEqual(["prices"]);
});

it("refuses two workloads of one name, by both files", async () => {
  await write("workloads/a/workload.ts", definition({ name: "loans" }));
  await write("workloads/b/workload.ts", definition({ name: "loans" }));
  expect(await names()).toEqual(["loans"]);
  expect((await faults())[0]?.message).toBe(
    "workloads/b/workload.ts: name must differ from those of other workloads, got loans, the name of workloads/a/workload.ts",
  );
});
