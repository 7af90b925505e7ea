import { describe, expect, it } from "vitest";
import { z } from "zod";
import { Corrupt, describeError } from "../../runtime/errors.ts";
import { parseEnv, parseFlags } from "../../runtime/job.ts";
import { createLogger } from "../../runtime/log.ts";

const schema = z.strictObject({ workload: z.string(), rows: z.coerce.number().int().optional() });

describe("flags", () => {
  it("are parsed by their schema", () => {
    expect(parseFlags(["--workload", "w", "--rows", "5"], schema)).toEqual({ workload: "w", rows: 5 });
  });
  it.each([
    ["an unknown one", ["--workload", "w", "--wrong", "x"], /--wrong.*flags: --workload --rows/],
    ["a missing one", [], /--workload: .*flags: --workload --rows/],
    ["a wrong value", ["--workload", "w", "--rows", "five"], /--rows: /],
    ["a stray word", ["w"], /w/],
  ])("are refused with %s", (_, args, message) => {
    expect(() => parseFlags(args, schema)).toThrow(message);
  });
});

describe("the environment", () => {
  it("is refused by name, without its values", () => {
    const failure = ((): string => {
      try {
        parseEnv({ TOKEN: "secret", PORT: "hunter2" }, z.object({ TOKEN: z.url(), PORT: z.coerce.number() }));
        return "";
      } catch (error) {
        return describeError(error);
      }
    })();
    expect(failure).toMatch(/^environment: TOKEN: .*PORT: /);
    expect(failure).not.toMatch(/secret|hunter2/);
  });
});

describe("an error", () => {
  it("is described with its causes, each once", () => {
    const error = new Corrupt("file is broken", { cause: new Error("bad header") });
    expect(describeError(error)).toBe("file is broken: bad header");
    expect(describeError(new Error("a: b", { cause: new Error("b") }))).toBe("a: b");
    expect(describeError("text")).toBe("text");
  });
});

describe("the log", () => {
  it("writes one JSON object a line, with the fields of its parents", () => {
    const lines: string[] = [];
    const log = createLogger({
      write: (line) => lines.push(line),
      now: () => new Date(0),
      fields: { job: "train" },
    });
    log.child({ step: 1 }).warn("slow", { ms: 5 });
    expect(lines).toEqual([
      '{"time":"1970-01-01T00:00:00.000Z","level":"warn","message":"slow","job":"train","step":1,"ms":5}\n',
    ]);
  });
});
