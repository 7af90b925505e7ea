import { describe, expect, test } from "vitest";
import { addRoutes } from "../../../../runtime/serving/adapters/routes.ts";
import { targetSettings } from "../../../../runtime/serving/adapters/target-settings.ts";
import { servedTinyModel } from "../served-tiny-model.ts";
import { ROW, ROW_SCORE, tensor } from "./recorded-event.ts";
import { ENV, scored, servedTargets } from "./served-targets.ts";
import type { Answer } from "./served-targets.ts";

const send = servedTargets("vertex");

describe("vertex", () => {
  const predict = (payload: string | object): Promise<Answer> =>
    send("vertex", "POST", ENV.AIP_PREDICT_ROUTE, payload, { "content-type": "application/json" });

  test("is healthy at the route that Vertex AI names", async () => {
    expect((await send("vertex", "GET", ENV.AIP_HEALTH_ROUTE)).status).toBe(200);
  });

  test("predicts a probability per row", async () => {
    const answer = await predict({ instances: [ROW, ROW] });
    expect(answer.json()).toEqual({
      predictions: [expect.closeTo(ROW_SCORE, 6), expect.closeTo(ROW_SCORE, 6)],
    });
  });

  test("predicts for entities, as of parameters.at", async () => {
    const { app, repository } = await servedTinyModel({
      lookup: async (lookups, atMs) =>
        lookups.map(() => ({ status: "missing", eventTimeMs: atMs, values: new Float32Array(2).fill(NaN) })),
    });
    addRoutes(app, targetSettings("vertex", {}).routes, () => repository.only().card);
    const instance = { entities: { origin: "JFK" }, features: { carrier: "UA", dep_delay: 20 } };
    const payload = { instances: [instance], parameters: { at: "2013-12-31T12:00:00Z" } };
    const response = await app.inject({ method: "POST", url: "/predict", payload });
    expect(response.json()).toEqual({
      predictions: [
        {
          probability: expect.any(Number) as number,
          decision: true,
          missing: ["temp", "wind", "seats"],
          stale: [],
          unknown: [],
          untrained: [],
        },
      ],
    });
    await app.close();
  });

  test("answers what rawPredict lets through in kind", async () => {
    expect((await predict(tensor(ROW))).json()).toEqual(scored());
  });

  test.each<[string, string | object, number, RegExp]>([
    ["no instances", { instances: [] }, 400, /instances/],
    ["a short row", { instances: [[1, 2]] }, 400, /shape|values/],
    ["rows and entities mixed", { instances: [ROW, {}] }, 400, /instances/],
    ["no JSON", "{nope", 400, /JSON/],
    ["more than 1.5 MB", `{"instances":[[${"1,".repeat(750_001)}1]]}`, 413, /at most 1500000 bytes/],
  ])("refuses %s", async (_what, payload, status, message) => {
    const answer = await predict(payload);
    expect(answer.status).toBe(status);
    expect(answer.json()).toEqual({ error: expect.stringMatching(message) as string });
  });
});
