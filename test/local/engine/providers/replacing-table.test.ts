import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { AWS_ALWAYS } from "../../../../local/engine/providers/replacing/aws.ts";
import { AZURE_ALWAYS } from "../../../../local/engine/providers/replacing/azure.ts";
import { CONDITIONS } from "../../../../local/engine/providers/replacing/conditional.ts";
import { REPLACING } from "../../../../local/engine/providers/replacing-properties.ts";
import { sdkInput, sdkInputs } from "./sdk-inputs.ts";

const GOLDEN = resolve(import.meta.dirname, "../../../stacks/golden");
const entries = REPLACING.flatMap(({ properties }) => Object.entries(properties));
const types = entries.map(([type]) => type);

/** Types of clouds that the stacks make. */
const stackTypes = new Set(
  readdirSync(GOLDEN).flatMap(
    (file) => readFileSync(join(GOLDEN, file), "utf8").match(/\b(aws|gcp|azure-native):[\w/]+:\w+/g) ?? [],
  ),
);

describe("the tables of what clouds replace", () => {
  it("have every type of the stacks, so that none is forgotten", () => {
    expect(stackTypes.size).toBeGreaterThan(80);
    expect([...stackTypes].filter((type) => !types.includes(type))).toEqual([]);
  });

  it("have no type twice, and say where each group is from", () => {
    expect(types.filter((type, index) => types.indexOf(type) !== index)).toEqual([]);
    for (const { source } of REPLACING) expect(source.length).toBeGreaterThan(20);
  });

  it("name only properties that the SDKs have", () => {
    const named = [
      ...entries.flatMap(([type, paths]) => paths.split(" ").map((path) => ({ type, path }))),
      ...CONDITIONS.map(({ type, path }) => ({ type, path })),
    ].filter(({ path }) => path !== "");
    const missing = named.filter(({ type, path }) => sdkInput(type, path) === undefined);
    expect(missing).toEqual([]);
  });

  it("know every part of the path of each Azure resource", () => {
    const always = AZURE_ALWAYS.split(" ");
    // A name of the path is required, or is the last one, which Pulumi fills in; both are plain strings.
    const missing = types
      .filter((type) => type.startsWith("azure-native:"))
      .flatMap((type) => {
        const inputs = [...sdkInputs(type)].filter(([name]) => /Name$/.test(name));
        const required = inputs.filter(([, declared]) => declared === "pulumi.Input<string>;");
        const own = inputs.filter(
          ([name]) => name.toLowerCase() === `${type.split(":")[2]!.toLowerCase()}name`,
        );
        return [...required, ...own].map(([name]) => ({ type, name }));
      })
      .filter(({ name }) => !always.includes(name));
    expect(missing).toEqual([]);
  });

  it("have the region of AWS, which most of its types name", () => {
    const regional = types.filter((type) => type.startsWith("aws:") && sdkInputs(type).has(AWS_ALWAYS));
    expect(regional.length).toBeGreaterThan(40);
  });
});
