import { isRecord, tryJson, type HttpRequest } from "./ask.ts";

/**
 * The request that a bare body asks of the only model: `{"instances": …}` is a prediction by entity, all else an inference
 * of the Open Inference Protocol.
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

/** Probabilities in an answer of the Open Inference Protocol. */
export function probabilities(answer: Buffer): number[] {
  const { outputs } = JSON.parse(answer.toString()) as { outputs: [{ data: number[] }] };
  return outputs[0].data;
}
