import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { lineProgress } from "../../../local/progress.ts";
import {
  newWorkload,
  type NewWorkload,
  type NewWorkloadOptions,
} from "../../../operations/author/new-workload.ts";
import { tryWorkload, type TriedWorkload } from "../../../operations/author/try-workload.ts";
import { findWorkloads } from "../../../workloads/find-workloads.ts";
import { renderNewWorkload } from "../../../cli/author/render-new-workload.ts";
import { renderTry } from "../../../cli/author/render-try.ts";

const ROOT = join(import.meta.dirname, "../../..");
const silent = lineProgress(() => {});

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "new-and-try-"));
  await mkdir(join(root, "workloads"));
  await mkdir(join(root, "data"));
  await writeFile(join(root, "package.json"), "{}");
  await writeFile(join(root, "Pulumi.dev.yaml"), await readFile(join(ROOT, "Pulumi.dev.yaml"), "utf8"));
});
afterAll(() => rm(root, { recursive: true }));

/** A number in [0, 1) that looks random and is the same in every run. */
const noise = (i: number, seed: number): number =>
  ((Math.imul(i * 31 + seed * 7919 + 1, 2654435761) >>> 0) % 100_003) / 100_003;

async function data(name: string, header: string, row: (i: number) => string, rows = 3000): Promise<string> {
  const path = join(root, "data", name);
  await writeFile(path, `${header}\n${Array.from({ length: rows }, (_, i) => row(i)).join("\n")}\n`);
  return path;
}

async function make(options: Omit<NewWorkloadOptions, "serve" | "stack">): Promise<NewWorkload> {
  const made = await newWorkload(root, { ...options, serve: true, stack: "dev" });
  const path = join(root, made.file);
  const text = await readFile(path, "utf8");
  await writeFile(path, text.replace("../../runtime", join(ROOT, "runtime"))); // the checkout of the test has no runtime
  return made;
}

async function attempt(name: string): Promise<TriedWorkload> {
  return tryWorkload({
    load: async () => {
      const { workloads, broken } = await findWorkloads(root);
      expect(broken.map(({ message }) => message)).toEqual([]);
      return workloads.get(name)!;
    },
    rows: 2000,
    progress: silent,
  });
}

describe("a CSV file of one's own", () => {
  let made: NewWorkload;
  beforeAll(async () => {
    const from = await data(
      "loans.csv",
      "id,applied_at,amount,income,purpose,insured,note,paid_back_on,repaid",
      (i) => {
        const amount = Math.round(500 + noise(i, 1) * 39_500);
        const repaid = amount / 40_000 < noise(i, 2) * 1.4;
        return [
          `L${i}`,
          `2023-0${1 + (i % 9)}-11 10:00:00`,
          amount,
          i % 40 === 0 ? "NA" : Math.round(10_000 + noise(i, 3) * 90_000),
          ["car", "house", "study"][i % 3],
          i % 2 === 0,
          `note ${i}`,
          repaid ? "2024-01-05" : "",
          repaid ? "yes" : "no",
        ].join(",");
      },
    );
    made = await make({ name: "loans", from, target: "repaid" });
  });

  it("becomes a definition of at most 40 lines, with what a person should decide", async () => {
    expect(made.inferred.task).toEqual({ kind: "binary", positive: "yes" });
    expect(made.lines).toBeLessThanOrEqual(40);
    expect(made.chosen.key).toEqual(["id"]);
    expect(Object.fromEntries(made.chosen.roles)).toMatchObject({
      id: { kind: "key" },
      applied_at: { kind: "left out", why: "a time" },
      amount: { kind: "numeric" },
      purpose: { kind: "categorical" },
      insured: { kind: "categorical" },
      note: { kind: "left out", why: "an id: another value in every row" },
      paid_back_on: { kind: "left out", why: "gives the label away: alone it has AUC 1.000" },
      repaid: { kind: "label" },
    });
    const text = await readFile(join(root, made.file), "utf8");
    expect(text).toContain("// Decide: ");
    expect(text.replaceAll(/\n\s*\/\/ /g, " ")).toContain(
      "paid_back_on (gives the label away: alone it has AUC 1.000)",
    );
    expect(text).not.toMatch(/\n\n\n/);
    const shown = renderNewWorkload(made, { name: "loans", stack: "dev" });
    expect(shown).toMatch(/amount +BIGINT +- .* feature, numeric/);
    expect(shown).toContain("Balance: yes");
    expect(shown).toContain("Leaks: paid_back_on");
  });

  it("is served by a service in staging and production, beside the others", async () => {
    expect(made.service?.added).toEqual(["staging/repaid", "production/repaid"]);
    const yaml = await readFile(join(root, "Pulumi.dev.yaml"), "utf8");
    expect(yaml).toContain("workload: loans");
    expect(yaml).toContain("# The local default: one machine of two cores, everything on it.");
  });

  it("is tried on this machine, better than without features, and leaves nothing behind", async () => {
    const before = await readdir(join(root, "workloads/loans"));
    const tried = await attempt("loans");
    const [model] = tried.models;
    expect(model).toMatchObject({ name: "repaid", features: 4, gate: { verdict: "passed" } });
    expect(model!.rows.train + model!.rows.test).toBeGreaterThan(1700);
    expect(model!.rows.train + model!.rows.test).toBeLessThan(2300);
    const auc = model!.metrics.find(({ name }) => name === "auc");
    expect(auc?.prior).toBe(0.5);
    expect(auc?.model).toBeGreaterThan(0.7);
    expect(model!.predictions).toHaveLength(3);
    expect(model!.predictions[0]?.answer).toHaveProperty("decision");
    expect(await readdir(join(root, "workloads/loans"))).toEqual(before);
    const shown = renderTry(tried, 1);
    expect(shown).toContain("Gate: auc must be at least 0.6");
    expect(shown).toMatch(/read the data and check its rules +\d/);
  });

  it("is never written over", async () => {
    const text = await readFile(join(root, made.file), "utf8");
    await expect(
      make({ name: "loans", from: join(root, "data/loans.csv"), target: "repaid" }),
    ).rejects.toThrow("NAME loans: workloads/loans/workload.ts is there already and stays as it is");
    expect(await readFile(join(root, made.file), "utf8")).toBe(text);
  });
});

it("predicts classes from columns whose names need quotes, without an id", async () => {
  const from = await data(
    "my animals.csv",
    "Beak Length (mm);2nd;label;Species",
    (i) => {
      const species = ["Adélie", "Gentoo", "Chinstrap"][i % 3]!;
      return `${(i % 3) * 5 + noise(i, 4) * 8};${i % 7};${i % 5};${species}`;
    },
    600,
  );
  const made = await make({ name: "animals", from, target: "Species" });
  expect(made.inferred.task).toEqual({ kind: "multiclass" });
  const [model] = (await attempt("animals")).models;
  expect(model).toMatchObject({ name: "species", features: 3, gate: { verdict: "passed" } });
  expect(Object.keys(model!.predictions[0]!.features)).toEqual(["beak_length_mm", "c_2nd", "label_"]);
  expect(["Adélie", "Gentoo", "Chinstrap"]).toContain(model!.predictions[0]!.outcome);
});

it("predicts a number with the newest rows for testing, and leaves the same number in another unit out", async () => {
  const from = await data("sales.csv", "sold_at,rooms,area,price,price_chf", (i) => {
    const area = 20 + noise(i, 5) * 100;
    const price = Math.round(area * 2000 * (0.8 + noise(i, 6) * 0.4));
    return `2022-${String(1 + Math.floor(i / 300)).padStart(2, "0")}-01,${1 + (i % 5)},${area},${price},${Math.round(price * 0.97)}`;
  });
  const made = await make({ name: "prices", from, target: "price", time: "sold_at" });
  expect(made.inferred.task).toEqual({ kind: "regression" });
  expect(made.chosen.roles.get("price_chf")).toMatchObject({ kind: "left out" });
  const [model] = (await attempt("prices")).models;
  expect(model).toMatchObject({ features: 2, gate: { verdict: "passed" } });
  expect(model!.predictions[0]?.answer).toHaveProperty("value");
});

it("ranks the rows of a group, which stay together in the sample", async () => {
  const from = await data("searches.csv", "search,price,stars,clicked", (i) => {
    const stars = i % 6;
    return `s${Math.floor(i / 10)},${noise(i, 7) * 100},${stars},${Math.max(0, Math.round(stars / 2 + noise(i, 8) - 0.5))}`;
  });
  await make({ name: "searches", from, target: "clicked", task: "ranking", group: "search" });
  const [model] = (await attempt("searches")).models;
  expect(model!.task).toEqual({ kind: "ranking", group: "search" });
  expect((model!.rows.train + model!.rows.test) % 10).toBe(0);
});

it("takes several files of one folder, and data that lies in the workload's folder already", async () => {
  const folder = join(root, "workloads/parts");
  await mkdir(folder);
  for (const part of [1, 2])
    await writeFile(
      join(folder, `part-${part}.csv`),
      `x,y\n${Array.from({ length: 400 }, (_, i) => `${i},${i % 3 === 0}`).join("\n")}\n`,
    );
  const made = await make({ name: "parts", from: join(folder, "part-*.csv"), target: "y" });
  expect(made).toMatchObject({ copied: 0, profile: { rows: 800 } });
  expect((await readdir(folder)).sort()).toEqual(["part-1.csv", "part-2.csv", "workload.ts"]);
});

describe("a wrong request", () => {
  it.each([
    [{ target: "repayed" }, "--target repayed: there is no such column; did you mean repaid? (columns: id, "],
    [
      { target: "repaid", time: "amount" },
      "--time amount: must be a DATE or a TIMESTAMP in every row, got BIGINT",
    ],
    [
      { target: "repaid", key: ["purpose"] },
      "--key purpose: must be unique, got 3 different values in 3000 rows",
    ],
    [
      { target: "repaid", key: ["purpose", "insured"] },
      "--key purpose,insured: must be unique together, got 6",
    ],
    [
      { target: "repaid", name: "My_Loans" },
      'NAME must be in kebab case, such as flight-delays, got "My_Loans"',
    ],
    [{ target: "repaid", from: "nowhere.csv" }, "--from nowhere.csv: must be a file, and there is none at "],
    [{ target: "repaid", from: "none-*.csv" }, "--from none-*.csv: must match a file, and none in "],
  ])("%j is refused, and nothing is written", async (changes, message) => {
    const options = { name: "refused", from: join(root, "data/loans.csv"), ...changes };
    await expect(make(options)).rejects.toThrow(message);
    expect(existsSync(join(root, "workloads/refused"))).toBe(false);
  });
});
