import { describe, expect, test } from "vitest";
import { silentLogger } from "../../../../runtime/log.ts";
import { addRoutes } from "../../../../runtime/serving/adapters/routes.ts";
import { targetSettings } from "../../../../runtime/serving/adapters/target-settings.ts";
import { buildApp } from "../../../../runtime/serving/app.ts";
import { modelRepository } from "../../../../runtime/serving/model-repository.ts";
import { servingMetrics } from "../../../../runtime/serving/serving-metrics.ts";
import { ROW, ROW_SCORE, tensor } from "./recorded-event.ts";
import { scored, servedTargets } from "./served-targets.ts";
import type { Answer } from "./served-targets.ts";

const send = servedTargets("sagemaker");

describe("sagemaker", () => {
  const invoke = (payload: string | object, headers: Record<string, string> = {}): Promise<Answer> =>
    send("sagemaker", "POST", "/invocations", payload, headers);

  test("pings while it is ready", async () => {
    expect((await send("sagemaker", "GET", "/ping")).status).toBe(200);
  });

  test("fails its ping, and says to come back, while the model is loaded", async () => {
    const repository = modelRepository();
    const predictionLog = { record: () => {}, close: async () => {} };
    const app = buildApp({ repository, metrics: servingMetrics(), predictionLog, log: silentLogger });
    addRoutes(app, targetSettings("sagemaker", {}).routes, () => repository.only().card);
    expect((await app.inject("/ping")).statusCode).toBe(503);
    const early = await app.inject({ method: "POST", url: "/invocations", payload: tensor(ROW) });
    expect(early.statusCode).toBe(503);
    await app.close();
  });

  test("infers from JSON", async () => {
    const answer = await invoke({ ...tensor(ROW), id: "7" }, { "content-type": "application/json" });
    expect(answer.json()).toEqual({ ...scored(), id: "7" });
  });

  test("predicts for entities", async () => {
    const answer = await invoke({ instances: [{ features: { carrier: "UA", dep_delay: 5 } }] });
    expect(answer.status).toBe(200);
    expect(answer.json()).toMatchObject({
      model_name: "tiny",
      predictions: [{ decision: expect.any(Boolean) as boolean }],
    });
  });

  test("answers CSV with a probability per line, and JSON where that is asked for", async () => {
    const csv = "1,5,40,10,150\r\n1,5, 40 ,1e1,150\r\n";
    const lines = await invoke(csv, { "content-type": "text/csv; charset=utf-8" });
    expect(lines.type).toBe("text/csv");
    expect(lines.body.trim().split("\n").map(Number)).toEqual([
      expect.closeTo(ROW_SCORE, 6),
      expect.closeTo(ROW_SCORE, 6),
    ]);
    const json = await invoke(csv, { "content-type": "text/csv", accept: "application/json" });
    expect(json.json()).toEqual(scored(2));
  });

  test("takes an empty field of CSV for a missing value", async () => {
    const asCsv = await invoke("0,20,,NaN,null", { "content-type": "text/csv" });
    const asJson = await invoke(tensor([0, 20, null, null, null]));
    const { outputs } = asJson.json() as { outputs: [{ data: [number] }] };
    expect(Number(asCsv.body)).toBe(outputs[0].data[0]);
    expect(Number(asCsv.body)).toBeCloseTo(0.8670357, 6);
  });

  test.each([
    ["a header", "carrier,dep_delay,temp,wind,seats\n1,5,40,10,150", /line 1, field 1: must be a number/],
    ["a short line", "1,5,40,10,150\n1,5", /line 2 must have 5 fields.*got 2/],
    ["nothing", "", /one line per row/],
    ["a blank line", "1,5,40,10,150\n\n1,5,40,10,150", /line 2 must have 5 fields.*got 1/],
    ["a number beyond float32", "1,1e39,40,10,150", /3\.4e38/],
    ["a long line", ",".repeat(1_000_000), /line 1 must have 5 fields.*got more/],
    ["more lines than rows", "1,5,40,10,150\n".repeat(4097), /at most 4096 lines/],
  ])("refuses CSV with %s", async (_what, csv, message) => {
    const answer = await invoke(csv, { "content-type": "text/csv" });
    expect(answer.status).toBe(400);
    expect(answer.json()).toEqual({ error: expect.stringMatching(message) as string });
  });

  test("passes the server's refusal on", async () => {
    const answer = await invoke("{nope", { "content-type": "application/json" });
    expect(answer).toMatchObject({ status: 400 });
    expect(answer.json()).toEqual({ error: expect.stringMatching(/JSON/) as string });
  });
});
