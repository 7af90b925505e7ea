import { expect, it } from "vitest";
import { nameFindings } from "../../../operations/doctor/name-findings.ts";

it.each([
  [["a"], "1 name, free or of this stack"],
  [["a", "b"], "2 names, free or of this stack"],
])("counts the names %j", (names, needed) => {
  const planned = names.map((name) => ({ name, deployed: false }));
  expect(nameFindings("buckets", planned, new Set(), () => "")).toMatchObject([{ state: "ok", needed }]);
});
