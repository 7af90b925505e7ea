import type { LightMyRequestResponse } from "fastify";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { servedTinyModel } from "./served-tiny-model.ts";
import type { ServedTinyModel } from "./served-tiny-model.ts";
import { tinyCard } from "./tiny-model.ts";

const INFER = "/v2/models/tiny/infer";
const PREDICT = "/v1/models/tiny:predict";
const input = { name: "features", shape: [1, 5], datatype: "FP32", data: [1, 5, 40, 10, 150] };

let served: ServedTinyModel;
beforeAll(async () => {
  served = await servedTinyModel();
});
afterAll(() => served.app.close());

async function post(
  url: string,
  payload: string | Buffer | object,
  headers: Record<string, string> = {},
): Promise<{ status: number; json: Record<string, unknown>; bytes: number }> {
  const response = await served.app.inject({ method: "POST", url, payload, headers });
  return { status: response.statusCode, json: response.json(), bytes: response.rawPayload.length };
}

describe("a small request takes little time and gets a short answer, whatever it repeats", () => {
  const many = (element: string): string => {
    const count = Math.floor(1_000_000 / (element.length + 1));
    return Array<string>(count).fill(element).join(",");
  };
  const names = Array.from({ length: 60_000 }, (_, i) => `"k${i}":{}`).join(",");
  test.each([
    ["tensors", INFER, `{"inputs":[${many("{}")}]}`],
    ["numbers for tensors", INFER, `{"inputs":[${many("0")}]}`],
    ["dimensions", INFER, `{"inputs":[${JSON.stringify(input).replace("[1,5]", `[${many("-1")}]`)}]}`],
    ["values", INFER, `{"inputs":[${JSON.stringify(input).replace("[1,5,40,10,150]", `[${many("{}")}]`)}]}`],
    ["outputs", INFER, `{"inputs":[${JSON.stringify(input)}],"outputs":[${many("{}")}]}`],
    ["parameters that are a list", INFER, `{"inputs":[],"parameters":[${many("{}")}]}`],
    ["a name", INFER, `{"inputs":[${JSON.stringify({ ...input, name: "x".repeat(1_000_000) })}]}`],
    ["an id", INFER, `{"id":"${"x".repeat(1_000_000)}"}`],
    ["instances", PREDICT, `{"instances":[${many("{}")}]}`],
    ["numbers for instances", PREDICT, `{"instances":[${many("0")}]}`],
    ["entities", PREDICT, `{"instances":[{"entities":{${names}}}]}`],
    ["features", PREDICT, `{"instances":[{"features":{${names}}}]}`],
    ["fields", PREDICT, `{${names},"instances":[]}`],
    ["a time", PREDICT, `{"at":"${"2".repeat(1_000_000)}","instances":[{}]}`],
    ["text that is no JSON", INFER, "x".repeat(1_000_000)],
  ])("%s", async (_name, url, body) => {
    const parsing = performance.now();
    try {
      JSON.parse(body);
    } catch {
      // it is the time that counts
    }
    const started = performance.now();
    const { status, json, bytes } = await post(url, body);
    const ended = performance.now();
    expect(status).toBe(400);
    expect(json["error"]).toEqual(expect.any(String));
    expect(bytes).toBeLessThan(700);
    // A check of every element, that keeps every fault, took more than ten seconds.
    expect(ended - started).toBeLessThan(10 * (started - parsing) + 1500);
  });
});

test.each<[string, object]>([
  ["entity", { instances: [{ entities: { tailnum: "\ud800" } }] }],
  ["feature that is a key as well", { instances: [{ features: { carrier: "\udc00x" } }] }],
])(
  "half of a surrogate pair in an %s is a caller's fault, named, and no failure of the server",
  async (_name, body) => {
    const { status, json } = await post(PREDICT, JSON.stringify(body));
    expect(status).toBe(400);
    expect(json["error"]).toMatch(
      /instances\[0\]\.(entities\.tailnum|features\.carrier) must be Unicode text/,
    );
    expect(await served.metrics.registry.metrics()).toContain(
      'nv_inference_request_failure{model="tiny",version="0123456789ab"} 0',
    );
  },
);

test("takes null for an optional field that is not set, and parameters of any form", async () => {
  for (const parameters of [null, {}, { content_type: "np", headers: { x: ["y", null] } }]) {
    const body = { id: null, parameters, inputs: [{ ...input, parameters }], outputs: null };
    expect((await post(INFER, body)).status).toBe(200);
  }
  const instance = { entities: { origin: "JFK", tailnum: null }, features: null };
  expect((await post(PREDICT, { at: null, instances: [instance] })).status).toBe(200);
});

test.each<[string, object]>([
  ["all outputs", { inputs: [input], parameters: { binary_data_output: true } }],
  ["one output", { inputs: [input], outputs: [{ name: "probability", parameters: { binary_data: true } }] }],
  ["the input", { inputs: [{ ...input, parameters: { binary_data_size: 20 } }] }],
])("says that binary data is not supported where it is asked for %s", async (_name, body) => {
  const { status, json } = await post(INFER, body);
  expect([status, json["error"]]).toEqual([400, expect.stringMatching(/binary tensors are not supported/)]);
});

test.each<[number, number | RegExp]>([
  [0, 200],
  [2.7, /data\[0\] must be the code of a category, a whole number below 3, or null, got 2\.7/],
  [-0.5, /data\[0\] must be the code of a category/],
])("a category's code of %j is read as the trainer reads it, or refused", async (code, expected) => {
  const { status, json } = await post(INFER, { inputs: [{ ...input, data: [code, 5, 40, 10, 150] }] });
  if (typeof expected === "number") expect(status).toBe(expected);
  else expect([status, json["error"]]).toEqual([400, expect.stringMatching(expected)]);
});

test.each([3, 99, -7, 1e10])(
  "a category's code of %j, which no category has, is a missing value",
  async (code) => {
    await post(INFER, { inputs: [{ ...input, data: [code, 5, 40, 10, 150] }] });
    expect(served.recorded.at(-1)?.batch[0]).toBeNaN();
  },
);

test("a value that LightGBM takes for zero is zero for the model", async () => {
  await post(INFER, { inputs: [{ ...input, data: [1, 1e-36, -1e-40, 1e-34, 150] }] });
  expect([...(served.recorded.at(-1)?.batch ?? [])]).toEqual([1, 0, 0, Math.fround(1e-34), 150]);
});

describe("what training never saw missing", () => {
  const strict = async (): Promise<ServedTinyModel> => {
    const made = await servedTinyModel();
    const missingInTraining = (name: string): boolean => name === "wind";
    made.model.card = {
      ...tinyCard,
      features: tinyCard.features.map((each) => ({
        ...each,
        missingInTraining: missingInTraining(each.name),
      })),
    };
    return made;
  };

  test("must be sent where the caller has to send it", async () => {
    const { app } = await strict();
    const ask = async (instance: object): Promise<LightMyRequestResponse> =>
      app.inject({
        method: "POST",
        url: PREDICT,
        payload: { instances: [{ features: { carrier: "AA", dep_delay: 1 } }, instance] },
      });
    for (const instance of [
      { features: { carrier: "AA" } },
      { features: { carrier: "AA", dep_delay: null } },
    ]) {
      const response = await ask(instance);
      expect(response.statusCode).toBe(400);
      expect(response.json()).toEqual({
        error: "tiny: instances[1].features must hold dep_delay: training never saw a row without",
      });
    }
    await app.close();
  });

  test("is named in the answer where it cannot be looked up, or is a category that nobody knows", async () => {
    const { app } = await strict();
    const instances = [{ features: { carrier: "ZZ", dep_delay: 1 } }];
    const response = await app.inject({ method: "POST", url: PREDICT, payload: { instances } });
    expect(response.json()).toMatchObject({
      predictions: [
        { missing: ["temp", "wind", "seats"], unknown: ["carrier"], untrained: ["carrier", "temp", "seats"] },
      ],
    });
    await app.close();
  });

  test("is named in the parameters of an answer to infer, once for all rows", async () => {
    const { app } = await strict();
    const ask = async (...data: unknown[]): Promise<unknown> => {
      const inputs = [{ ...input, shape: [2, 5], data }];
      const response = await app.inject({ method: "POST", url: INFER, payload: { inputs } });
      return response.json<{ parameters: Record<string, unknown> }>().parameters["untrained"];
    };
    expect(await ask(1, 5, 40, null, 150, 1, 5, 40, 10, 150)).toBeUndefined();
    expect(await ask(1, null, 40, 10, 150, 99, null, 40, 10, 150)).toBe("dep_delay,carrier");
    await app.close();
  });
});

describe("a body", () => {
  test("that is compressed is refused by the header's name", async () => {
    const { status, json } = await post(INFER, { inputs: [input] }, { "content-encoding": "gzip" });
    expect([status, json["error"]]).toEqual([
      415,
      expect.stringMatching(/content-encoding must be left out, got "gzip"/),
    ]);
  });

  test("that is not UTF-8 is refused", async () => {
    const { status, json } = await post(INFER, Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d]));
    expect([status, json["error"]]).toEqual([400, expect.stringMatching(/not UTF-8/)]);
  });

  test.each(["", "///", "text/plain", "application/json; charset=utf-8"])(
    "of content type %j is read as JSON",
    async (type) => {
      const payload = JSON.stringify({ inputs: [input] });
      expect((await post(INFER, payload, { "content-type": type })).status).toBe(200);
    },
  );
});

describe("routes", () => {
  test.each(["/v2/", "/v2/health/ready/", "/v2/models/tiny/"])(
    "%s is answered as without its last slash",
    async (url) => {
      expect((await served.app.inject(url)).statusCode).toBe(200);
    },
  );

  test("answer HEAD where they answer GET", async () => {
    const response = await served.app.inject({ method: "HEAD", url: "/v2/health/ready" });
    expect([response.statusCode, response.body]).toEqual([200, ""]);
  });

  test.each<["GET" | "DELETE" | "POST", string, string]>([
    ["GET", INFER, "POST"],
    ["GET", PREDICT, "POST"],
    ["DELETE", "/v2/models/tiny", "GET, HEAD"],
    ["POST", "/v2", "GET, HEAD"],
  ])("answer %s %s with 405 and the method that they take", async (method, url, allow) => {
    const response = await served.app.inject({ method, url });
    expect([response.statusCode, response.headers["allow"]]).toEqual([405, allow]);
    expect(response.json()).toEqual({
      error: expect.stringMatching(/must be GET, HEAD|must be POST/) as string,
    });
  });

  test.each([
    ["a path that is not percent-encoded", "/v2/models/%ff", 404],
    ["a name of 101 characters", `/v2/models/${"x".repeat(101)}`, 404],
    ["a name of 5000 characters", `/v2/models/${"x".repeat(5000)}`, 404],
  ])("answer %s with an error of the usual form, short", async (_name, url, status) => {
    const response = await served.app.inject(url);
    expect(response.statusCode).toBe(status);
    expect(Object.keys(response.json<object>())).toEqual(["error"]);
    expect(response.body.length).toBeLessThan(300);
  });
});
