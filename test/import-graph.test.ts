import { expect, test } from "vitest";
import { files, findCycle, imports, importsOf } from "./import-graph.ts";

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

test("a circle is found where there is one", () => {
  const next = new Map([
    ["a", ["b"]],
    ["b", ["c", "d"]],
    ["d", ["b"]],
  ]);
  expect(findCycle(next)).toEqual(["b", "d", "b"]);
});
