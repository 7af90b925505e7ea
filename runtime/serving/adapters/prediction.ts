import { isRecord, tryJson, type HttpRequest } from "./ask.ts";

/**
 * Returns the request of a body for the only model: `{"instances": …}` is a prediction by entity, any other body an inference of
 * the Open Inference Protocol.
 */
export function toPrediction(body: string | Buffer, model: string): HttpRequest {
  const json = tryJson(body);
  const predicts = isRecord(json) && "instances" in json && !("inputs" in json);
  return {
    method: "POST",
    url: predicts ? `/v1/models/${model}:predict` : `/v2/models/${model}/infer`,
    headers: { "content-type": "application/json" },
    body,
  };
}

/** Returns the scores of each row in an answer of the Open Inference Protocol: a number, or a list if the model has several outputs. */
export function scoresByRow(answer: Buffer): (number | number[])[] {
  const { outputs } = JSON.parse(answer.toString()) as {
    outputs: [{ data: number[]; shape: [number, number] }];
  };
  const [{ data, shape }] = outputs;
  const [rows, width] = shape;
  if (width === 1) return data;
  return Array.from({ length: rows }, (_, row) => data.slice(row * width, (row + 1) * width));
}
