import type { ModelCard } from "../../contract/model-card.ts";
import { isRecord, jsonResponse, tryJson, type HttpRequest } from "./ask.ts";
import { scoresByRow, toPrediction } from "./prediction.ts";
import type { Route } from "./routes.ts";

/** Largest request and largest answer of a public endpoint of Vertex AI. */
export const VERTEX_MAX_BODY_BYTES = 1_500_000;

export interface VertexRouteOptions {
  /** AIP_HEALTH_ROUTE */
  health: string;
  /** AIP_PREDICT_ROUTE */
  predict: string;
}

/**
 * Routes of a custom container for Vertex AI: `{"instances": [...]}` is answered by `{"predictions": [...]}`. Instances are arrays of
 * all features (then predictions are scores) or entities with features (then predictions are those of `:predict`). A body of
 * the Open Inference Protocol, which rawPredict allows, gets an answer of that protocol.
 * @see https://cloud.google.com/vertex-ai/docs/predictions/custom-container-requirements
 */
export function vertexRoutes({ health, predict }: VertexRouteOptions): readonly Route[] {
  return [
    {
      method: "GET",
      path: literal(health),
      answer: (_request, { ask }) => ask({ method: "GET", url: "/v2/health/ready" }),
    },
    {
      method: "POST",
      path: literal(predict),
      answer: async ({ body = "" }, { ask, card }) => {
        const json = tryJson(body);
        if (!isRecord(json) || !Array.isArray(json["instances"])) return ask(toPrediction(body, card().name));
        const instances = json["instances"] as unknown[];
        const rows = instances.length > 0 && instances.every(Array.isArray);
        const answer = await ask(rows ? fromRows(instances, card()) : fromEntities(instances, json, card()));
        if (answer.status !== 200) return answer;
        const predictions = rows
          ? scoresByRow(answer.body)
          : (JSON.parse(answer.body.toString()) as { predictions: unknown }).predictions;
        return jsonResponse(200, { predictions });
      },
    },
  ];
}

function fromRows(rows: readonly unknown[], { name, input, features }: ModelCard): HttpRequest {
  const shape = [rows.length, features.length];
  const inputs = [{ name: input.name, shape, datatype: input.datatype, data: rows }];
  return toPrediction(JSON.stringify({ inputs }), name);
}

/** `parameters.at` is the time of the prediction. */
function fromEntities(
  instances: readonly unknown[],
  body: Record<string, unknown>,
  { name }: ModelCard,
): HttpRequest {
  const parameters = isRecord(body["parameters"]) ? body["parameters"] : {};
  return toPrediction(JSON.stringify({ ...parameters, instances }), name);
}

/** Escapes the colon in Vertex AI's default routes, which fastify would read as a parameter. */
const literal = (route: string): string => route.replaceAll(":", "::");
