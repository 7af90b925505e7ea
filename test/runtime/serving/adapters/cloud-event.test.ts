import { describe, expect, test } from "vitest";
import { ROW, recordedEvent, tensor } from "./recorded-event.ts";
import { scored, servedTargets } from "./served-targets.ts";

const send = servedTargets("cloud-run");

describe("cloud-run and cloud-functions", () => {
  const push = recordedEvent("pubsub-push");
  const ce = {
    "ce-id": "2070443601311540",
    "ce-specversion": "1.0",
    "ce-source": "//pubsub.googleapis.com/projects/example-project/topics/score",
    "ce-type": "google.cloud.pubsub.topic.v1.messagePublished",
  };
  const event = { specversion: "1.0", id: "1", source: "/gate", type: "com.example.flight" };
  const structured = { "content-type": "application/cloudevents+json; charset=utf-8" };
  const base64 = Buffer.from(JSON.stringify(tensor(ROW))).toString("base64");

  test.each<[string, string | object, Record<string, string>]>([
    ["a bare request", tensor(ROW), { "content-type": "application/json" }],
    ["a Pub/Sub push", push, { "content-type": "application/json" }],
    ["a binary CloudEvent", tensor(ROW), { ...ce, "content-type": "application/json" }],
    ["a binary CloudEvent of Pub/Sub", push, { ...ce, "content-type": "application/json" }],
    ["a structured CloudEvent", JSON.stringify({ ...event, data: tensor(ROW) }), structured],
    [
      "a structured CloudEvent of text",
      JSON.stringify({ ...event, data: JSON.stringify(tensor(ROW)) }),
      structured,
    ],
    ["a structured CloudEvent of bytes", JSON.stringify({ ...event, data_base64: base64 }), structured],
    ["a structured CloudEvent of Pub/Sub", JSON.stringify({ ...event, data: push }), structured],
  ])("scores %s", async (_what, payload, headers) => {
    const answer = await send("cloud-run", "POST", "/", payload, headers);
    expect(answer.json()).toEqual(scored());
  });

  test.each<[string, string | object, Record<string, string>]>([
    ["an event without data", JSON.stringify(event), structured],
    ["an event that is no JSON", "{nope", structured],
    ["a push of nothing", { message: {} }, {}],
    ["a push of what is no request", { message: { data: "aGVsbG8=" } }, {}],
  ])("refuses %s, so that it is not acknowledged", async (_what, payload, headers) => {
    expect((await send("cloud-run", "POST", "/", payload, headers)).status).toBe(400);
  });
});
