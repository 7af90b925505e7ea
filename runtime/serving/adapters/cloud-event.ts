import { isRecord, tryJson, type HttpRequest } from "./ask.ts";
import { toPrediction } from "./prediction.ts";
import type { Route } from "./routes.ts";

/**
 * `POST /`, as Cloud Functions, Eventarc and Pub/Sub call it: a CloudEvent (binary or structured), a Pub/Sub push, or a
 * bare request. What it carries is a request for the only model, and the answer is that model's: 2xx acknowledges an event.
 * @see https://github.com/cloudevents/spec/blob/main/cloudevents/bindings/http-protocol-binding.md
 * @see https://cloud.google.com/pubsub/docs/push
 */
export const cloudEventRoutes: readonly Route[] = [
  {
    method: "POST",
    path: "/",
    answer: (request, { ask, card }) => ask(toPrediction(eventData(request), card().name)),
  },
];

/** The data of an event, out of its wrappings; a body that is no event as it is. */
export function eventData({ headers = {}, body = "" }: HttpRequest): string | Buffer {
  const structured = (headers["content-type"] ?? "").startsWith("application/cloudevents+json");
  if (!structured) return published(tryJson(body)) ?? body;
  const event = tryJson(body);
  if (!isRecord(event)) return body;
  if (typeof event["data_base64"] === "string") {
    const data = Buffer.from(event["data_base64"], "base64");
    return published(tryJson(data)) ?? data;
  }
  return published(event["data"]) ?? text(event["data"]);
}

/** What a Pub/Sub message carries, as it is pushed or as the data of a CloudEvent. */
function published(json: unknown): Buffer | undefined {
  if (!isRecord(json) || !isRecord(json["message"])) return undefined;
  const { data = "" } = json["message"];
  return typeof data === "string" ? Buffer.from(data, "base64") : undefined;
}

const text = (data: unknown): string => (typeof data === "string" ? data : JSON.stringify(data ?? null));
