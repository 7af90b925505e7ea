import type { FastifyRequest } from "fastify";
import { describe, expect, it } from "vitest";
import { RuntimeFault, Unavailable } from "../../../runtime/errors.ts";
import { createLogger } from "../../../runtime/log.ts";
import { failureLog } from "../../../runtime/serving/failure-log.ts";

const request = (url: string): FastifyRequest => ({ routeOptions: { url } }) as FastifyRequest;

function logged(): { entries: unknown[]; fail: (url: string, error: Error, atMs: number) => void } {
  const entries: unknown[] = [];
  let now = 0;
  const write = (line: string): void => {
    const { path, error, unlogged, stack } = JSON.parse(line) as Record<string, unknown>;
    entries.push(JSON.parse(JSON.stringify({ path, error, unlogged, stack })));
  };
  const log = failureLog(createLogger({ write }), () => now);
  return {
    entries,
    fail: (url, failure, atMs) => {
      now = atMs;
      log(request(url), failure);
    },
  };
}

describe("the log of failed requests", () => {
  const busy = new Unavailable("server: must have at most 10 rows in flight");

  it("has one line in 10 seconds for a route that refuses requests, and counts the others", () => {
    const { entries, fail } = logged();
    for (const atMs of [0, 1, 9999]) fail("/infer", busy, atMs);
    fail("/predict", busy, 9999);
    fail("/infer", busy, 10_000);
    fail("/infer", busy, 20_000);
    expect(entries).toEqual([
      { path: "/infer", error: busy.message },
      { path: "/predict", error: busy.message },
      { path: "/infer", error: busy.message, unlogged: 2 },
      { path: "/infer", error: busy.message },
    ]);
  });

  it("has a line for each other failure, with the stack of a defect", () => {
    const { entries, fail } = logged();
    for (const error of [new RuntimeFault("broken", 500, "no scorer"), new Error("defect")])
      for (const atMs of [0, 1]) fail("/infer", error, atMs);
    expect(entries).toHaveLength(4);
    expect(entries[3]).toMatchObject({
      error: "defect",
      stack: expect.stringContaining("Error: defect") as string,
    });
  });
});
