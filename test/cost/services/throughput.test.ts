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
  test("the repository has measurements of the example's model", () => {
    const found = loadThroughput();
    expect(found.length).toBeGreaterThan(0);
    for (const { model, cores, source } of found) {
      expect(model).toBe("flight-delays/pushback");
      expect(cores).toBeLessThanOrEqual(2);
      expect(source).not.toBe("");
    }
  });

  test("own measurements replace those of the same model, and add to the others", () => {
    expect(loadThroughput({ overrideFile: own({ measurements: [measurement] }) })).toEqual([measurement]);
    const other = { ...measurement, model: "fraud/cards" };
    const found = loadThroughput({ overrideFile: own({ measurements: [other] }) });
    expect(found).toEqual([other, ...loadThroughput()]);
  });

  test("a missing file has no measurements", () => {
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
  ])("refuses %j, and names its place", (change, place) => {
    const overrideFile = own({ measurements: [{ ...measurement, ...change }] });
    expect(() => loadThroughput({ overrideFile })).toThrow(place);
  });
});
