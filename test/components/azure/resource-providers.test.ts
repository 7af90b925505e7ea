import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import {
  DEPLOYER_ROLES,
  neededProviders,
  RESOURCE_PROVIDERS,
} from "../../../components/azure/resource-providers.ts";

const root = new URL("../../../", import.meta.url);

test("every module of the Azure SDK that a component uses has its resource provider in the table", () => {
  const folder = new URL("components/azure/", root);
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) =>
    file.endsWith(".ts"),
  );
  const used = files.flatMap((file) => {
    const code = readFileSync(new URL(file, folder), "utf8");
    return [...code.matchAll(/"@pulumi\/azure-native\/(\w+)\/index\.js"/g)].map(([, module]) => module ?? "");
  });
  const known = Object.values(RESOURCE_PROVIDERS).flatMap(({ modules }) => modules);
  expect([...new Set(used)].sort()).toEqual(known.toSorted());
});

test("a stack needs the providers of its optional parts only", () => {
  expect(neededProviders([])).not.toContain("Microsoft.Web");
  expect(neededProviders([])).toContain("Microsoft.PolicyInsights");
  expect(neededProviders(["azure-functions", "redis"])).toEqual(
    expect.arrayContaining(["Microsoft.Web", "Microsoft.Cache"]),
  );
});

test("docs/azure.md has every provider, feature and role", () => {
  const page = readFileSync(new URL("docs/azure.md", root), "utf8");
  for (const [namespace, { features = {} }] of Object.entries(RESOURCE_PROVIDERS)) {
    expect(page).toContain(namespace);
    for (const [feature, config] of Object.entries(features)) {
      expect(page).toContain(feature);
      expect(page).toContain(config);
    }
  }
  for (const role of DEPLOYER_ROLES) expect(page).toContain(role);
});
