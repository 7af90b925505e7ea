import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { COMMANDS } from "../../cli/commands.ts";
import { parseFlags } from "../../cli/parse-flags.ts";
import { UsageError } from "../../cli/usage-error.ts";

const parse = (name: string, ...args: string[]): Record<string, unknown> => parseFlags(name, args, COMMANDS);
const digest = `sha256:${"a".repeat(64)}`;

describe("parseFlags", () => {
  it.each([
    ["up", [], { stack: "dev", context: undefined, registry: undefined, refresh: true }],
    ["up", ["--no-refresh"], { refresh: false }],
    ["up", ["--refresh", "--stack=prod"], { refresh: true, stack: "prod" }],
    [
      "replay",
      [],
      { environment: "production", rows: 2000, from: undefined, to: undefined, model: undefined },
    ],
    ["replay", ["--from", "2013-12-01", "--rows=5000"], { from: "2013-12-01", rows: 5000 }],
    ["preview", ["--base", "main"], { base: "main", stack: undefined, all: false, refresh: true }],
    [
      "pin",
      ["--service", "production/pushback", "--digest", digest],
      { canary: false, check: true, stack: "dev" },
    ],
    ["test", ["--unit"], { unit: true }],
  ])("%s %j", (name, args, expected) => {
    expect(parse(name, ...args)).toMatchObject(expected);
  });

  it.each([
    ["up", ["--purge"], /up has no flag --purge; it is a flag of down \(its flags: --stack, /],
    ["up", ["--rows", "3"], /up has no flag --rows; it is a flag of replay/],
    [
      "promote",
      ["--service", "production/pushback", "--model", "x"],
      /promote has no flag --service; it is a flag of pin/,
    ],
    ["replay", ["--modle", "x"], /replay has no flag --modle; did you mean --model\?/],
    ["down", ["--json"], /it is a flag of status, preview/],
    ["check", ["--nonsense"], /check has no flag --nonsense \(its flags: none\)/],
    ["replay", ["--from", "2013-02-30"], /^--from must be a day such as 2013-12-01, got "2013-02-30"$/],
    ["replay", ["--to", "december"], /--to must be a day such as 2013-12-01, got "december"/],
    ["replay", ["--rows", "none"], /--rows must be a whole number of at least 1, got "none"/],
    ["replay", ["--rows", "0"], /--rows must be a whole number of at least 1, got "0"/],
    ["promote", [], /^--model is missing: --model NAME, such as --model pushback$/],
    ["promote", ["--model"], /--model needs a value: --model NAME, such as --model pushback/],
    ["promote", ["--model="], /--model needs a value/],
    ["preview", ["--base", "--upload-pack=x"], /--base needs a value/],
    ["preview", ["--base=--upload-pack=x"], /--base must be a branch, a tag or a commit/],
    ["pin", ["--service", "pushback", "--digest", digest], /--service must be ENVIRONMENT\/SERVICE/],
    [
      "pin",
      ["--service", "a/b", "--digest", "latest"],
      /--digest must be sha256: and 64 hexadecimal digits, got "latest"/,
    ],
    [
      "up",
      ["--stack", "Prod!"],
      /--stack must be the name of a stack of at most 100 characters, such as dev, got "Prod!"/,
    ],
    [
      "up",
      ["--registry", "https://r.example.com"],
      /--registry must be HOST or HOST\/PREFIX without a scheme/,
    ],
    ["preview", ["--refrsh"], /did you mean --refresh\? \(its flags: .*, --no-refresh, --unchanged\)$/],
    ["preview", ["--no-refrsh"], /preview has no flag --no-refrsh; did you mean --no-refresh\?/],
    ["status", ["-j"], /^unexpected "-j"; did you mean --json\?$/],
    ["preview", ["-s"], /^unexpected "-s"; did you mean --stack or --summary\?$/],
    ["up", ["-j"], /^unexpected "-j"; --json is a flag of status, preview, doctor$/],
    ["up", ["-x"], /^unexpected "-x": values follow a flag/],
    ["up", ["extra"], /unexpected "extra": values follow a flag/],
    ["up", ["-stack", "prod"], /unexpected "-stack"; did you mean --stack\?/],
    ["status", ["--json=yes"], /--json takes no value, got "yes"/],
    ["status", ["--stack", "a", "--stack", "b"], /--stack is given twice/],
    ["status", ["--toString", "x"], /status has no flag --toString/],
  ])("refuses %s %j in plain words", (name, args, message) => {
    expect(() => parse(name, ...args)).toThrow(UsageError);
    expect(() => parse(name, ...args)).toThrow(message);
  });

  it("tells every fault at once", () => {
    expect(() => parse("replay", "--from", "13", "--purge", "--rows", "x")).toThrow(
      /--from must .*\n {2}replay has no flag --purge.*\n {2}--rows must /,
    );
  });

  it("takes only its own flags or throws a UsageError, whatever is typed", () => {
    const names = Object.keys(COMMANDS);
    const word = fc.oneof(
      fc.string(),
      fc.constantFrom("--stack", "--model", "--no-refresh", "--", "--=", "-h"),
    );
    fc.assert(
      fc.property(fc.constantFrom(...names), fc.array(word, { maxLength: 5 }), (name, args) => {
        try {
          const values = parse(name, ...args);
          expect(Object.keys(values).sort()).toEqual(Object.keys(COMMANDS[name]!.flags).sort());
        } catch (error) {
          expect(error).toBeInstanceOf(UsageError);
        }
      }),
    );
  });
});
