import { describe, expect, test } from "vitest";
import { ROW, recordedEvent, tensor } from "./recorded-event.ts";
import { scored, servedTargets } from "./served-targets.ts";

const send = servedTargets("azure-functions");

describe("azure-functions", () => {
  test.each(["/api/v2/models/tiny/infer", "/api/infer", "/infer"])(
    "scores a forwarded request at %s",
    async (url) => {
      expect((await send("azure-functions", "POST", url, tensor(ROW))).json()).toEqual(scored());
    },
  );

  test("forwards what is read too", async () => {
    const answer = await send("azure-functions", "GET", "/api/v2/models/tiny");
    expect(answer.json()).toMatchObject({ name: "tiny", platform: "onnxruntime_onnx" });
    expect((await send("azure-functions", "GET", "/api/nothing")).status).toBe(404);
    expect((await send("azure-functions", "POST", "/api/v2/models/other/infer", tensor(ROW))).status).toBe(
      404,
    );
  });

  test("answers an invocation of an HTTP trigger with its output", async () => {
    const answer = await send("azure-functions", "POST", "/infer", recordedEvent("azure-http"));
    const { Outputs, ...rest } = answer.json() as { Outputs: { res: { body: string } } };
    expect(answer.status).toBe(200);
    expect(rest).toEqual({ Logs: [], ReturnValue: null });
    expect(Outputs.res).toMatchObject({
      statusCode: 200,
      headers: { "content-type": "application/json; charset=utf-8" },
    });
    expect(JSON.parse(Outputs.res.body)).toEqual(scored());
  });

  test("gives the caller of an HTTP trigger the server's refusal", async () => {
    const event = recordedEvent("azure-http") as { Data: { req: { Body: string } } };
    event.Data.req.Body = "{}";
    const answer = await send("azure-functions", "POST", "/infer", event);
    expect(answer.status).toBe(200);
    expect(answer.json()).toMatchObject({ Outputs: { res: { statusCode: 400 } } });
  });

  test.each([
    ["a URL that is none", { Url: "http://[" }, /Url must be a URL, got "http:\/\/\["/],
    ["a method that is none", { Method: "NO METHOD" }, /must have a method and a path of HTTP/],
  ])("refuses an HTTP trigger with %s", async (_what, change, message) => {
    const event = recordedEvent("azure-http") as { Data: { req: object } };
    Object.assign(event.Data.req, change);
    const answer = await send("azure-functions", "POST", "/infer", event);
    expect([answer.status, answer.json()]).toEqual([
      400,
      { error: expect.stringMatching(message) as string },
    ]);
  });

  test("returns the value for a message of a queue", async () => {
    for (const wrap of [(text: string) => text, (text: string) => JSON.stringify(text)]) {
      const event = recordedEvent("azure-queue") as { Data: { myQueueItem: string } };
      event.Data.myQueueItem = wrap(event.Data.myQueueItem);
      const answer = await send("azure-functions", "POST", "/QueueTrigger", event);
      const { ReturnValue, ...rest } = answer.json();
      expect(rest).toEqual({ Outputs: {}, Logs: [] });
      expect(JSON.parse(String(ReturnValue))).toEqual(scored());
    }
  });

  test("fails the invocation of a message that it cannot score", async () => {
    const event = { ...recordedEvent("azure-queue"), Data: { myQueueItem: "{}" } };
    expect((await send("azure-functions", "POST", "/QueueTrigger", event)).status).toBe(400);
    const two = { Data: { a: "{}", b: "{}" } };
    expect((await send("azure-functions", "POST", "/QueueTrigger", two)).json()).toEqual({
      error: expect.stringMatching(/the only value of a trigger, got 2/) as string,
    });
  });
});
