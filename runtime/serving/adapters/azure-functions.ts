import { BadInput } from "../../errors.ts";
import { excerpt } from "../json-value.ts";
import { isRecord, jsonResponse, tryJson, type HttpRequest, type HttpResponse } from "./ask.ts";
import { toPrediction } from "./prediction.ts";
import type { Route, RouteContext } from "./routes.ts";

/**
 * Routes of a custom handler for the Azure Functions host. With `enableForwardingHttpRequest` the host forwards the caller's request,
 * below `/api` unless host.json removes that prefix. Otherwise, and for triggers other than HTTP, it sends `POST /<function>` with
 * `Data` and `Metadata`, and the answer has `Outputs` and `ReturnValue`.
 * @see https://learn.microsoft.com/azure/azure-functions/functions-custom-handlers
 */
export const azureFunctionsRoutes: readonly Route[] = [
  ...(["GET", "POST"] as const).map((method): Route => ({
    method,
    path: "/api/*",
    answer: (request, context) => forward(request, context),
  })),
  {
    method: "POST",
    path: "/:function",
    answer: invoke,
  },
];

async function invoke(request: HttpRequest, context: RouteContext): Promise<HttpResponse> {
  const json = tryJson(request.body ?? "");
  if (!isRecord(json) || !isRecord(json["Data"]))
    return context.ask(toPrediction(request.body ?? "", context.card().name));
  const values = Object.values(json["Data"]);
  const http = values.find(isHttp);
  if (http !== undefined) return invocationResult(await forward(fromInvocation(http), context));
  if (values.length !== 1)
    throw new BadInput(
      `Data must hold the only value of a trigger, got ${values.length}; bind no other input`,
    );
  const answer = await context.ask(toPrediction(messageText(values[0]), context.card().name));
  // For the host any other status is a failed invocation: it repeats a queue's message, then moves it to the poison queue.
  if (answer.status !== 200) return answer;
  return jsonResponse(200, { Outputs: {}, Logs: [], ReturnValue: answer.body.toString() });
}

/** Forwards a request for one of the server's own routes; any other body is a request for the only model. */
function forward(
  { method, url, headers, body }: HttpRequest,
  { ask, card }: RouteContext,
): Promise<HttpResponse> {
  const path = url.replace(/^\/api(?=\/)/, "");
  const own = /^\/v[12](\/|\?|$)/.test(path) || method === "GET";
  return ask(own ? { method, url: path, headers, body } : toPrediction(body ?? "", card().name));
}

interface InvocationHttp {
  Url: string;
  Method: string;
  Headers?: Record<string, string | string[]>;
  Body?: unknown;
}

function isHttp(value: unknown): value is InvocationHttp {
  return isRecord(value) && typeof value["Method"] === "string" && typeof value["Url"] === "string";
}

function fromInvocation({ Url, Method, Headers = {}, Body }: InvocationHttp): HttpRequest {
  if (!URL.canParse(Url, "http://host")) throw new BadInput(`Data: Url must be a URL, got ${excerpt(Url)}`);
  const { pathname, search } = new URL(Url, "http://host");
  const headers = Object.fromEntries(
    Object.entries(Headers).map(([name, value]) => [name.toLowerCase(), [value].flat().join(", ")] as const),
  );
  const body = Body === undefined || Body === null ? {} : { body: asText(Body) };
  return {
    method: Method.toUpperCase(),
    url: pathname + search,
    headers,
    ...body,
  };
}

function invocationResult({ status, headers, body }: HttpResponse): HttpResponse {
  const res = { statusCode: status, headers, body: body.toString() };
  return jsonResponse(200, { Outputs: { res }, Logs: [], ReturnValue: null });
}

/** Returns the JSON of a queue's message, which is JSON or a JSON string that holds JSON. */
function messageText(value: unknown): string {
  const text = asText(value);
  const inner = tryJson(text);
  return typeof inner === "string" ? inner : text;
}

const asText = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));
