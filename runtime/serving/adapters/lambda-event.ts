import { RuntimeFault } from "../../errors.ts";
import { isRecord, tryJson, type Ask, type HttpRequest, type HttpResponse } from "./ask.ts";
import { toPrediction } from "./prediction.ts";

/** The answer to a direct invocation is an error; the caller gets it as the error of the function. */
class InvocationRefused extends RuntimeFault {
  constructor(status: number, message: string) {
    super(status < 500 ? "bad-input" : "unavailable", status, message);
    this.name = "InvocationRefused";
  }
}

/**
 * Answers one Lambda event: from a Function URL or an HTTP API (payload 2.0), a REST API (1.0), a load balancer, or a direct
 * invocation, whose payload is the body of a request for the only model. Throws if a direct invocation gets an error.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html#urls-payloads
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html
 */
export async function answerLambdaEvent(event: unknown, ask: Ask, model: () => string): Promise<unknown> {
  const request = isRecord(event) ? (fromPayload2(event) ?? fromPayload1(event)) : undefined;
  if (request === undefined) {
    const { status, body } = await ask(toPrediction(JSON.stringify(event ?? null), model()));
    const answer = tryJson(body);
    if (status === 200) return answer;
    throw new InvocationRefused(status, isRecord(answer) ? String(answer["error"]) : `status ${status}`);
  }
  // A POST to `/` is a request for the only model.
  const bare = request.method === "POST" && /^\/(\?|$)/.test(request.url);
  return toResult(
    event as Record<string, unknown>,
    await ask(bare ? toPrediction(request.body ?? "", model()) : request),
  );
}

/** Reads an event of a Function URL or an HTTP API. */
function fromPayload2(event: Record<string, unknown>): HttpRequest | undefined {
  const context = event["requestContext"];
  if (event["version"] !== "2.0" || !isRecord(context) || !isRecord(context["http"])) return undefined;
  const path = withoutStage(text(event["rawPath"]) || "/", text(context["stage"]));
  const query = text(event["rawQueryString"]);
  return {
    method: text(context["http"]["method"]),
    url: query === "" ? path : `${path}?${query}`,
    headers: singleHeaders(event["headers"]),
    ...bodyOf(event),
  };
}

/** Reads an event of a REST API or a load balancer, with single or multi-value headers. */
function fromPayload1(event: Record<string, unknown>): HttpRequest | undefined {
  if (typeof event["httpMethod"] !== "string" || typeof event["path"] !== "string") return undefined;
  const query = new URLSearchParams(
    Object.entries(isRecord(event["queryStringParameters"]) ? event["queryStringParameters"] : {}).map(
      ([name, value]): [string, string] => [name, text(value)],
    ),
  ).toString();
  return {
    method: event["httpMethod"],
    url: query === "" ? event["path"] : `${event["path"]}?${query}`,
    headers: { ...multiHeaders(event["multiValueHeaders"]), ...singleHeaders(event["headers"]) },
    ...bodyOf(event),
  };
}

/** Removes the stage, which an HTTP API with a named stage puts in front of the path. */
function withoutStage(path: string, stage: string): string {
  return stage !== "" && stage !== "$default" && path.startsWith(`/${stage}/`)
    ? path.slice(stage.length + 1)
    : path;
}

function bodyOf({ body, isBase64Encoded }: Record<string, unknown>): { body?: string | Buffer } {
  if (typeof body !== "string") return {};
  return { body: isBase64Encoded === true ? Buffer.from(body, "base64") : body };
}

function toResult(event: Record<string, unknown>, { status, headers, body }: HttpResponse): object {
  const isText = /json|^text\//.test(headers["content-type"] ?? "");
  const result = {
    statusCode: status,
    isBase64Encoded: !isText,
    body: body.toString(isText ? "utf8" : "base64"),
  };
  // A load balancer that sends multi-value headers accepts only these.
  if (isRecord(event["multiValueHeaders"]) && !isRecord(event["headers"]))
    return {
      ...result,
      multiValueHeaders: Object.fromEntries(Object.entries(headers).map(([n, v]) => [n, [v]])),
    };
  return { ...result, headers };
}

function singleHeaders(headers: unknown): Record<string, string> {
  if (!isRecord(headers)) return {};
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), text(value)]),
  );
}

function multiHeaders(headers: unknown): Record<string, string> {
  if (!isRecord(headers)) return {};
  return Object.fromEntries(
    Object.entries(headers).map(([name, values]) => [
      name.toLowerCase(),
      [values].flat().map(text).join(", "),
    ]),
  );
}

const text = (value: unknown): string => (typeof value === "string" ? value : "");
