import { readArtifactJson } from "../../runtime/artifacts/read-artifact-json.ts";
import type { RegistryClient } from "../../runtime/artifacts/registry-client.ts";
import { REQUEST_VIEW } from "../../runtime/contract/feature-view.ts";
import {
  modelCardSchema,
  modelExamplesSchema,
  type ModelCard,
  type ModelExamples,
} from "../../runtime/contract/model-card.ts";
import type { ServiceStatus } from "./platform-status.ts";

export type ExampleRequests = Pick<ServiceStatus, "example" | "predict">;

/** Returns requests with example rows of the model: one with its whole input and the expected score, and one as a caller sends it. */
export async function exampleRequests(
  registry: RegistryClient,
  { reference, url }: { reference: string; url: string },
): Promise<ExampleRequests> {
  const [card, examples] = await Promise.all([
    readArtifactJson(registry, reference, "model", "model-card.json", modelCardSchema),
    readArtifactJson(registry, reference, "model", "examples.json", modelExamplesSchema),
  ]);
  const [row, expected] = [examples.rows[0], examples.scores[0]];
  if (row === undefined || expected === undefined) return { example: null, predict: null };
  const body = { inputs: [{ ...card.input, shape: [1, row.length], data: row }] };
  return {
    example: { url: `${url}/v2/models/${card.name}/infer`, body: JSON.stringify(body), expected },
    predict: predictRequest(card, examples, url),
  };
}

/** Returns a `:predict` request with the last example row; null if the model takes nothing that is known of it. */
function predictRequest(
  card: ModelCard,
  { rows, request }: ModelExamples,
  url: string,
): ServiceStatus["predict"] {
  const row = rows.at(-1) ?? [];
  const features = Object.fromEntries(
    card.features.flatMap(({ name, view, categories }, column) => {
      const value = row[column] ?? null;
      if (view !== REQUEST_VIEW || value === null) return [];
      return [[name, categories === undefined ? value : (categories[value] ?? null)]];
    }),
  );
  const { at, entities = {} } = request ?? {};
  if (Object.keys(features).length + Object.keys(entities).length === 0) return null;
  const instance = {
    ...(Object.keys(entities).length === 0 ? {} : { entities }),
    ...(Object.keys(features).length === 0 ? {} : { features }),
  };
  const body = { ...(at === undefined ? {} : { at }), instances: [instance] };
  return { url: `${url}/v1/models/${card.name}:predict`, body: JSON.stringify(body) };
}
