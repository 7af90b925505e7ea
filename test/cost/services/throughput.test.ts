import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { loadThroughput } from "../../../cost/services/throughput.ts";

const folder = mkdtempSync(join(tmpdir(), "throughput-"));
afterAll(() => rmSync(folder, { recursive: true }));
const own = (content: unknown): string => {
  const file = join(folder, "throughput.override.json");
  writeFileSync(file, JSON.stringify(content));
  return file;
};
const measurement = {
  model: "flight-delays/pushback",
  digest: `sha256:${"a".repeat(64)}`,
  requestsPerSecond: 10,
  rowsPerRequest: 1,
  cores: 1,
  machine: "a machine",
  date: "2026-01-31",
  source: "a benchmark",
};

describe("measurements", () => {
  test("of the repository are of the example's model", () => {
    const found = loadThroughput();
    expect(found.length).toBeGreaterThan(0);
    for (const { model, cores, source } of found) {
      expect(model).toBe("flight-delays/pushback");
      expect(cores).toBeLessThanOrEqual(2);
      expect(source).not.toBe("");
    }
  });

  test("of one's own stand in place of the repository's of the same model, and beside those of others", () => {
    expect(loadThroughput({ overrideFile: own({ measurements: [measurement] }) })).toEqual([measurement]);
    const other = { ...measurement, model: "fraud/cards" };
    const found = loadThroughput({ overrideFile: own({ measurements: [other] }) });
    expect(found).toEqual([other, ...loadThroughput()]);
  });

  test("of a file that is not there are none", () => {
    expect(loadThroughput({ overrideFile: join(folder, "nothing.json") })).toEqual(loadThroughput());
  });

  test.each([
    [{ requestsPerSecond: 0 }, "requestsPerSecond"],
    [{ rowsPerRequest: 1.5 }, "rowsPerRequest"],
    [{ cores: -1 }, "cores"],
    [{ digest: "sha256:abc" }, "digest"],
    [{ model: "pushback" }, "model"],
    [{ date: "yesterday" }, "date"],
    [{ extra: true }, "measurements[0]"],
  ])("with %j are refused with their place", (change, place) => {
    const overrideFile = own({ measurements: [{ ...measurement, ...change }] });
    expect(() => loadThroughput({ overrideFile })).toThrow(place);
  });
});
