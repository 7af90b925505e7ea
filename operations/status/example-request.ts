import { readArtifactJson } from "../../runtime/artifacts/read-artifact-json.ts";
import type { RegistryClient } from "../../runtime/artifacts/registry-client.ts";
import { modelCardSchema, modelExamplesSchema } from "../../runtime/contract/model-card.ts";
import type { ServiceStatus } from "./platform-status.ts";

/** A request for the score of a row that the model carries as an example, and the score that it gives. */
export async function exampleRequest(
  registry: RegistryClient,
  { reference, url }: { reference: string; url: string },
): Promise<ServiceStatus["example"]> {
  const [card, examples] = await Promise.all([
    readArtifactJson(registry, reference, "model", "model-card.json", modelCardSchema),
    readArtifactJson(registry, reference, "model", "examples.json", modelExamplesSchema),
  ]);
  const [row, expected] = [examples.rows[0], examples.scores[0]];
  if (row === undefined || expected === undefined) return null;
  const body = { inputs: [{ ...card.input, shape: [1, row.length], data: row }] };
  return { url: `${url}/v2/models/${card.name}/infer`, body: JSON.stringify(body), expected };
}
