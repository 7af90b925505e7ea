import { ApiException } from "@kubernetes/client-node";
import { describe, expect, it } from "vitest";
import { withRetries } from "../../../operations/pipeline/with-retries.ts";

const network = (code: string): Error => Object.assign(new Error("request failed"), { code });
const api = (code: number): Error => new ApiException(code, "no", undefined, {});

/** Fails with each error once, then answers; records the pauses. */
async function ask(errors: Error[]): Promise<{ answer: unknown; pauses: number[] }> {
  const left = [...errors];
  const pauses: number[] = [];
  const answer = await withRetries(
    () => {
      const error = left.shift();
      return error === undefined ? Promise.resolve("answer") : Promise.reject(error);
    },
    { pause: (ms) => Promise.resolve(pauses.push(ms)) },
  ).catch((error: unknown) => error);
  return { answer, pauses };
}

describe("a call to the cluster", () => {
  it.each([
    ["a connection that is reset", network("ECONNRESET")],
    ["a server that starts", network("ECONNREFUSED")],
    ["a fetch whose cause is a reset", new TypeError("fetch failed", { cause: network("ECONNRESET") })],
    ["a busy server", api(429)],
    ["a broken proxy", api(503)],
  ])("is made again after %s", async (_, error) => {
    expect(await ask([error, error])).toEqual({ answer: "answer", pauses: [500, 1000] });
  });

  it.each([
    ["a missing object", api(404)],
    ["a missing right", api(403)],
    ["a defect", new TypeError("x is not a function")],
  ])("is not made again after %s", async (_, error) => {
    expect(await ask([error])).toEqual({ answer: error, pauses: [] });
  });

  it("gives up after two minutes, with longer and longer pauses, and says what becomes of a job", async () => {
    const { answer, pauses } = await ask(Array.from({ length: 50 }, () => network("ECONNREFUSED")));
    expect(answer).toEqual(
      new Error(
        "the cluster has not answered for 2 minutes (ECONNREFUSED); a job that runs there goes on: run the command again to join it",
      ),
    );
    expect(Math.max(...pauses)).toBe(10_000);
    expect(pauses.reduce((a, b) => a + b)).toBeLessThan(131_000);
  });
});
