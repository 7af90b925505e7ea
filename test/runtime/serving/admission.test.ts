import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { admission } from "../../../runtime/serving/admission.ts";
import { servedTinyModel } from "./served-tiny-model.ts";

const forever = (): Promise<never> => new Promise(() => {});

test("takes rows up to its limit, refuses more with 503, and takes them again when there is room", async () => {
  const { admit } = admission({ maxRowsInFlight: 100 });
  let end = (): void => {};
  const first = admit(60, () => new Promise<void>((resolve) => (end = resolve)));
  void admit(40, forever);
  await expect(admit(1, async () => "done")).rejects.toMatchObject({
    status: 503,
    message: /at most 100 rows in flight, got 1 on top of 100/,
  });
  end();
  await first;
  expect(await admit(60, async () => "done")).toBe("done");
});

test("takes a request of more rows than its limit where it is alone", async () => {
  expect(await admission({ maxRowsInFlight: 10 }).admit(4096, async () => "done")).toBe("done");
});

test("gives room back after a failure", async () => {
  const { admit, takeTurn } = admission({ maxRowsInFlight: 10, maxRowsPerTurn: 10 });
  const fail = (): Promise<never> => Promise.reject(new Error("no"));
  for (let i = 0; i < 3; i++) await expect(admit(10, () => takeTurn(10, fail))).rejects.toThrow("no");
  expect(await admit(10, () => takeTurn(10, async () => "done"))).toBe("done");
});

test("scores no more rows at once than one turn takes, in the order in which they came", async () => {
  const { takeTurn } = admission({ maxRowsPerTurn: 100 });
  const order: number[] = [];
  let running = 0;
  let most = 0;
  const sizes = [60, 60, 40, 500, 10, 90];
  await Promise.all(
    sizes.map((rows, i) =>
      takeTurn(rows, async () => {
        running += rows;
        most = Math.max(most, rows > 100 ? running - rows : running);
        await sleep(2);
        order.push(i);
        running -= rows;
      }),
    ),
  );
  expect(order).toEqual([0, 1, 2, 3, 4, 5]);
  expect(most).toBeLessThanOrEqual(100);
});

test("a server that is full answers 503 and when to come back, and stays live", async () => {
  const { app, model } = await servedTinyModel({ maxRowsInFlight: 10 });
  const { scorer } = model;
  let go = (): void => {};
  const gate = new Promise<void>((resolve) => (go = resolve));
  model.scorer = { ...scorer, score: async (batch, rows) => (await gate, scorer.score(batch, rows)) };
  async function ask(rows: number): Promise<{ status: number; retryAfter: unknown }> {
    const data = Array<number>(rows * 5).fill(1);
    const inputs = [{ name: "features", shape: [rows, 5], datatype: "FP32", data }];
    const response = await app.inject({ method: "POST", url: "/v2/models/tiny/infer", payload: { inputs } });
    return { status: response.statusCode, retryAfter: response.headers["retry-after"] };
  }
  const first = ask(8);
  await sleep(20);
  expect(await ask(3)).toEqual({ status: 503, retryAfter: "1" });
  expect((await app.inject("/v2/health/live")).statusCode).toBe(200);
  go();
  expect((await first).status).toBe(200);
  expect((await ask(3)).status).toBe(200);
  await app.close();
});
