import { describe, expect, it } from "vitest";
import { table } from "../../cli/table.ts";

describe("table", () => {
  it("aligns columns, numbers to the right and words to the left", () => {
    expect(
      table(
        ["name", "rows"],
        [
          ["a", 5],
          ["longer", 1234],
        ],
      ),
    ).toBe(["NAME    ROWS", "a          5", "longer  1234"].join("\n"));
  });

  it("shows headings alone where there are no rows", () => {
    expect(table(["name", "rows"], [])).toBe("NAME  ROWS");
  });
});
