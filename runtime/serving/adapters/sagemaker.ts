import type { HttpRequest, HttpResponse } from "./ask.ts";
import { parseCsv } from "./csv.ts";
import { scoresByRow, toPrediction } from "./prediction.ts";
import type { Route, RouteContext } from "./routes.ts";

/**
 * Routes of a container for SageMaker: `GET /ping` and `POST /invocations` on port 8080. Bodies are JSON of the Open Inference
 * Protocol or of `:predict`, or rows of text/csv without a header, where an empty field is a missing value.
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-inference-code.html
 */
export const sagemakerRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/ping",
    answer: (_request, { ask }) => ask({ method: "GET", url: "/v2/health/ready" }),
  },
  {
    method: "POST",
    path: "/invocations",
    answer: invoke,
  },
];

async function invoke(request: HttpRequest, { ask, card }: RouteContext): Promise<HttpResponse> {
  const { name, input, features } = card();
  const body = request.body ?? "";
  if (!isCsv(request.headers?.["content-type"])) return ask(toPrediction(body, name));
  const width = features.length;
  const rows = parseCsv(body.toString(), width);
  const tensor = { name: input.name, shape: [rows.length, width], datatype: input.datatype, data: rows };
  const answer = await ask(toPrediction(JSON.stringify({ inputs: [tensor] }), name));
  if (answer.status !== 200 || !wantsCsv(request)) return answer;
  // A list joins its numbers by commas, which makes a line of CSV.
  const lines = scoresByRow(answer.body).map(String).join("\n");
  return { status: 200, headers: { "content-type": "text/csv" }, body: Buffer.from(`${lines}\n`) };
}

const isCsv = (contentType = ""): boolean => contentType.trim().toLowerCase().startsWith("text/csv");

/** True if the caller sent CSV and did not ask for JSON. */
function wantsCsv({ headers }: HttpRequest): boolean {
  return !(headers?.["accept"] ?? "").toLowerCase().includes("json");
}
