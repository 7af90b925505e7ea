import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { exampleRequests } from "../../../operations/status/example-request.ts";
import { parsePredictRequest } from "../../../runtime/serving/predict-request.ts";
import { tinyCard, tinyExamples } from "../../runtime/serving/tiny-model.ts";
import { fakeRegistry, type FakeRegistry } from "../fake-registry.ts";

let registry: FakeRegistry;
beforeEach(async () => {
  registry = await fakeRegistry();
});
afterEach(() => registry.close());

const requests = (examples: object, card: object = tinyCard): ReturnType<typeof exampleRequests> =>
  exampleRequests(registry.client, {
    reference: registry.put("flight-delays/tiny/model", "model", {
      "model-card.json": card,
      "examples.json": examples,
    }),
    url: "http://10.0.0.1:8080",
  });

describe("the example requests of a service", () => {
  it("are the whole input of the first row with its score, and the last row as a caller of :predict sends it", async () => {
    const request = { at: "2013-12-20T10:00:00.000Z", entities: { origin: "JFK", tailnum: "N1" } };
    const { example, predict } = await requests({ ...tinyExamples, request });
    expect(example?.url).toBe("http://10.0.0.1:8080/v2/models/tiny/infer");
    expect(example?.expected).toBe(tinyExamples.scores[0]);
    expect(predict?.url).toBe("http://10.0.0.1:8080/v1/models/tiny:predict");
    const body: unknown = JSON.parse(predict?.body ?? "");
    expect(body).toEqual({
      at: request.at,
      instances: [{ entities: request.entities, features: { carrier: "AA", dep_delay: 10 } }],
    });
    expect(parsePredictRequest(body, tinyCard, 10, 0).instances).toHaveLength(1);
  });

  it("of an older model have the features of the request alone", async () => {
    const { predict } = await requests(tinyExamples);
    expect(JSON.parse(predict?.body ?? "")).toEqual({
      instances: [{ features: { carrier: "AA", dep_delay: 10 } }],
    });
  });

  it("leave :predict out where nothing of the row is known to a caller", async () => {
    const features = tinyCard.features.map((each) => ({ ...each, view: "plane" }));
    expect((await requests(tinyExamples, { ...tinyCard, features })).predict).toBeNull();
  });
});
