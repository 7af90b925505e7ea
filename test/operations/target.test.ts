import { describe, expect, it } from "vitest";
import { splitRegistry } from "../../operations/target.ts";

describe("splitRegistry", () => {
  it.each([
    ["registry.example.com", "registry.example.com", ""],
    ["localhost:5000/team/ml", "localhost:5000", "team/ml"],
  ])("splits %s into its host and its prefix", (registry, host, prefix) => {
    expect(splitRegistry(registry)).toEqual([host, prefix]);
  });
});
