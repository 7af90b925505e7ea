import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { parse } from "yaml";
import { addService } from "../../../operations/author/add-service.ts";

const DEV = readFileSync(join(import.meta.dirname, "../../../Pulumi.dev.yaml"), "utf8");
const loans = { workload: "loans", model: "repaid" };

interface Stack {
  config: Record<"slipway:environments", Record<string, { services: Record<string, unknown> }>>;
}
const environments = (text: string): Stack["config"]["slipway:environments"] =>
  (parse(text) as Stack).config["slipway:environments"];

it("adds a service to staging and production, as their other services are, and keeps every other line", () => {
  const { text, added, notes } = addService(DEV, loans, "Pulumi.dev.yaml");
  expect({ added, notes }).toEqual({ added: ["staging/repaid", "production/repaid"], notes: [] });
  const { staging, production } = environments(text);
  const shared = { replicas: 1, cpuLimitMillis: 2000, drainSeconds: 5 };
  expect(staging?.services["repaid"]).toEqual({
    workload: "loans",
    model: { follow: "challenger" },
    ...shared,
  });
  expect(production?.services["repaid"]).toEqual({
    workload: "loans",
    model: { follow: "champion" },
    ...shared,
  });
  const lines = new Set(text.split("\n"));
  expect(DEV.split("\n").filter((line) => !lines.has(line))).toEqual([]);
});

it("names the service after the workload too, where another has the model's name", () => {
  const { text, added } = addService(DEV, { workload: "loans", model: "pushback" }, "Pulumi.dev.yaml");
  expect(added).toEqual(["staging/loans-pushback", "production/loans-pushback"]);
  expect(environments(text)["staging"]?.services["loans-pushback"]).toMatchObject({ modelName: "pushback" });
  expect(addService(text, { workload: "loans", model: "pushback" }, "f").added).toEqual([]);
});

it("says which environment a file lacks, and refuses services that others share", () => {
  const text = "config:\n  slipway:environments:\n    production:\n      services: {}\n";
  expect(addService(text, loans, "f")).toMatchObject({
    added: ["production/repaid"],
    notes: ["f has no environment staging"],
  });
  const shared =
    "config:\n  slipway:environments:\n    staging:\n      services: &s\n        a: {workload: b}\n    production:\n      services: *s\n";
  expect(() => addService(shared, loans, "f")).toThrow(
    "f: staging: must have text of its own, got the YAML anchor &s, which others use, so that a new service would change others too",
  );
});
