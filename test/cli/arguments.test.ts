import { describe, expect, it } from "vitest";
import { parseFlags } from "../../cli/arguments.ts";

describe("parseFlags", () => {
  it("gives the defaults where nothing is said", () => {
    expect(parseFlags([])).toEqual({
      stack: "dev",
      all: false,
      markdown: false,
      offline: false,
      canary: false,
      month: 9,
      rows: 2000,
      environment: "production",
      purge: false,
      json: false,
      unit: false,
    });
  });

  it("takes every stack where a base is named and no stack is", () => {
    expect(parseFlags(["--base", "main"])).toMatchObject({ all: true, base: "main" });
    expect(parseFlags(["--base", "main", "--stack", "prod"])).toMatchObject({ all: false, stack: "prod" });
  });

  it.each([
    [["--base", "--upload-pack=x"], /base/],
    [["--service", "pushback"], /--service: must be ENVIRONMENT/],
    [["--digest", "latest"], /--digest: must be sha256/],
    [["--stack", "Prod!"], /--stack: must be a stack's name/],
    [["--month", "13"], /--month: /],
    [["--rows", "none"], /--rows: /],
    [["--nonsense"], /--nonsense/],
    [["extra"], /extra/],
  ])("refuses %j and names the flag", (args, message) => {
    expect(() => parseFlags(args)).toThrow(message);
  });
});
