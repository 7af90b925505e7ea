import { z } from "zod";
import type { ModelCard } from "../contract/model-card.ts";

/** The names of a model's tensors. */
export type TensorNames = Pick<ModelCard, "input" | "output">;

/** Returns the body of an inference request of the Open Inference Protocol. All rows have the same width; missing = null. */
export function inferBody(
  input: TensorNames["input"],
  rows: readonly (readonly (number | null)[])[],
): string {
  const tensor = {
    name: input.name,
    shape: [rows.length, rows[0]?.length ?? 0],
    datatype: input.datatype,
    data: rows.flat(),
  };
  return JSON.stringify({ inputs: [tensor] });
}

const answerSchema = z.object({
  outputs: z.array(z.object({ name: z.string(), data: z.array(z.number()) })),
});

/** Returns the scores of an inference answer; row-major; undefined unless there are those of all `rows`. */
export function scoresOf(answer: unknown, output: TensorNames["output"], rows: number): number[] | undefined {
  const parsed = answerSchema.safeParse(answer);
  const scores = parsed.data?.outputs.find(({ name }) => name === output.name)?.data;
  return scores?.length === rows * output.shape[1] ? scores : undefined;
}
