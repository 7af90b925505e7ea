import { readArtifactJson } from "../../runtime/artifacts/read-artifact-json.ts";
import type { RegistryClient } from "../../runtime/artifacts/registry-client.ts";
import { modelCardSchema, modelExamplesSchema } from "../../runtime/contract/model-card.ts";
import type { ServiceStatus } from "./platform-status.ts";

/** Returns a request with one of the example rows of the model, and the expected score. */
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
