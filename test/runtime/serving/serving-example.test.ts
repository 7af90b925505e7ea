import { expect, test } from "vitest";
import { modelCardSchema } from "../../../runtime/contract/model-card.ts";
import { REQUEST_VIEW, toFeature, viewShape } from "../../../runtime/contract/feature-view.ts";
import { flightDelays } from "../support/flight-delays.ts";
import { toLookups } from "../../../runtime/serving/assemble.ts";
import { parsePredictRequest } from "../../../runtime/serving/predict-request.ts";
import { servedTinyModel } from "./served-tiny-model.ts";
import { servingExample } from "./serving-example.ts";
import { tinyCard } from "./tiny-model.ts";

// That the printed answer is what the platform gives is tested where there is a platform: test/e2e/platform.test.ts.
test("the example of docs/serving.md is a request that the example's model takes, with all that it asks for", () => {
  const definition = flightDelays.models.find(({ name }) => name === "pushback");
  const views = flightDelays.views.filter(({ name }) => definition?.views.includes(name));
  const features = (definition?.request ?? []).map((column) => ({
    ...toFeature(column, REQUEST_VIEW),
    missingInTraining: false,
  }));
  const card = modelCardSchema.parse({ ...tinyCard, features, views: views.map(viewShape) });
  const { request } = servingExample();
  const { atMs, instances } = parsePredictRequest(request, card, 10, 0);
  expect(new Date(atMs).toISOString()).toBe(new Date(flightDelays.asOf ?? 0).toISOString());
  expect(toLookups(instances, card).every(({ entity }) => entity !== undefined)).toBe(true);
});

test("its answer has the fields that a server gives", async () => {
  const { answer } = servingExample();
  const { app } = await servedTinyModel();
  const instances = [{ features: { carrier: "UA", dep_delay: 5 } }];
  const response = await app.inject({
    method: "POST",
    url: "/v1/models/tiny:predict",
    payload: { instances },
  });
  const given = response.json<typeof answer>();
  expect(Object.keys(answer)).toEqual(Object.keys(given));
  expect(Object.keys(answer.predictions[0] ?? {})).toEqual(Object.keys(given.predictions[0] ?? {}));
  await app.close();
});
