import { describe, expect, it } from "vitest";
import { parseFlags } from "../../cli/arguments.ts";

describe("parseFlags", () => {
  it("gives the defaults where nothing is said", () => {
    expect(parseFlags([])).toEqual({
      stack: "dev",
      month: 9,
      rows: 2000,
      environment: "production",
      purge: false,
      json: false,
      unit: false,
    });
  });

  it.each([
    [["--stack", "Prod!"], /--stack: must be a stack's name/],
    [["--month", "13"], /--month: /],
    [["--rows", "none"], /--rows: /],
    [["--nonsense"], /--nonsense/],
    [["extra"], /extra/],
  ])("refuses %j and names the flag", (args, message) => {
    expect(() => parseFlags(args)).toThrow(message);
  });
});
