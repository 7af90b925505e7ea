import { readFileSync } from "node:fs";
import type { PredictResponse } from "../../../runtime/serving/infer.ts";

export interface ServingExample {
  /** The command as it is printed, for the host `ADDRESS`. */
  curl: string;
  request: { instances: { entities: Record<string, string>; features: Record<string, unknown> }[] };
  answer: PredictResponse;
}

/** The example of `:predict` in docs/serving.md. */
export function servingExample(): ServingExample {
  const page = readFileSync(new URL("../../../docs/serving.md", import.meta.url), "utf8");
  const [, curl = "", request = "", answer = ""] =
    /```sh\n(curl [^']*'(\{[^']*\})')\n```\n\n```json\n(\{[\s\S]*?\n\})\n```/.exec(page) ?? [];
  return {
    curl,
    request: JSON.parse(request) as ServingExample["request"],
    answer: JSON.parse(answer) as PredictResponse,
  };
}
