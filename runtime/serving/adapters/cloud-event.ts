import { isRecord, tryJson, type HttpRequest } from "./ask.ts";
import { toPrediction } from "./prediction.ts";
import type { Route } from "./routes.ts";

/**
 * The route `POST /` that Cloud Functions, Eventarc and Pub/Sub call with a CloudEvent (binary or structured), a Pub/Sub push or a
 * bare request. Its data is a request for the only model, and the answer is the model's: 2xx acknowledges an event.
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

/** Returns the data of an event, or the body if it is not an event. */
export function eventData({ headers = {}, body = "" }: HttpRequest): string | Buffer {
  const structured = (headers["content-type"] ?? "").startsWith("application/cloudevents+json");
  if (!structured) return pubSubData(tryJson(body)) ?? body;
  const event = tryJson(body);
  if (!isRecord(event)) return body;
  if (typeof event["data_base64"] === "string") {
    const data = Buffer.from(event["data_base64"], "base64");
    return pubSubData(tryJson(data)) ?? data;
  }
  return pubSubData(event["data"]) ?? text(event["data"]);
}

/** Returns the data of a Pub/Sub message, from a push or from a CloudEvent; undefined for other JSON. */
function pubSubData(json: unknown): Buffer | undefined {
  if (!isRecord(json) || !isRecord(json["message"])) return undefined;
  const { data = "" } = json["message"];
  return typeof data === "string" ? Buffer.from(data, "base64") : undefined;
}

const text = (data: unknown): string => (typeof data === "string" ? data : JSON.stringify(data ?? null));
