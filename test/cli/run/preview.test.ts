import { expect, it } from "vitest";
import { preview } from "../../../cli/run/preview.ts";
import { UsageError } from "../../../cli/usage-error.ts";

const FLAGS = { all: false, json: false, markdown: false, offline: false, refresh: false, unchanged: false };

it.each([
  ["two forms of the report", { json: true, markdown: true }, /--json and --markdown are two forms/],
  ["a file in a folder that is not there", { out: "/nonexistent/report.md" }, /its folder must be there/],
  ["a folder in place of the file", { out: "/" }, /must be a file, got a folder: name a file in it/],
  [
    "a summary in a folder that is not there",
    { summary: "/nonexistent/summary" },
    /its folder must be there/,
  ],
])("refuses %s before it plans anything", async (_title, flags, message) => {
  const refused = preview({ ...FLAGS, ...flags });
  await expect(refused).rejects.toThrow(UsageError);
  await expect(refused).rejects.toThrow(message);
});
