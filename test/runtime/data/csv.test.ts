import { describe, expect, it } from "vitest";
import { commonDelimiter, csvFault, csvHeader } from "../../../runtime/data/csv.ts";

describe("the header of a CSV file", () => {
  it.each([
    ["plain", "a,b c,d\n", ",", ["a", "b c", "d"]],
    ["another delimiter", "a;b,c\r\n", ";", ["a", "b,c"]],
    ["quotes, in which the delimiter counts for nothing", '"a,b","say ""x"""\n', ",", ["a,b", 'say "x"']],
    ["a byte order mark and no line end", "\uFEFFa,b", ",", ["a", "b"]],
    ["an empty file", "", ",", [""]],
  ])("is read: %s", (_, text, delimiter, names) => {
    expect(csvHeader(text, delimiter)).toEqual(names);
  });

  it.each([
    ["a,b;c,d", ","],
    ["a;b;c,d", ";"],
    ["a\tb", "\t"],
    ["a|b", "|"],
    ['"x,y,z";b', ";"],
    ["alone", ","],
  ])("has the separator that it has most of: %j", (line, delimiter) => {
    expect(commonDelimiter(line)).toBe(delimiter);
  });

  it("is refused where it names a column twice", () => {
    expect(() => csvHeader("a,b,a\n", ",")).toThrow("columns must have different names, got a twice");
  });
});

describe("a fault of a CSV file", () => {
  it("is told by line, without the values of the row", () => {
    const message =
      "Invalid Input Error: CSV Error on Line: 5\nOriginal Line: \n4,secret\nExpected Number of Columns: 5 Found: 2\nPossible fixes:";
    expect(csvFault(message)).toBe("line 5 must have 5 values, got 2");
    expect(
      csvFault(
        "Invalid Input Error: CSV Error on Line: 7\nOriginal Line: secret\nValue with unterminated quote found.",
      ),
    ).toBe("line 7 must close its quotes");
  });
});
