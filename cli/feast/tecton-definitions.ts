import type { Workload } from "../../runtime/contract/workload.ts";
import { generatedFrom, pythonName, quoted } from "./python-text.ts";

/**
 * Generates the entities, feature views and models of a workload as definitions for Tecton's Python SDK. They read the same
 * exported histories as the Feast repository. They have never been run: Tecton needs an account.
 *
 * @see https://docs.tecton.ai/docs/defining-features
 */
export function tectonDefinitions({ name, views, models }: Workload): string {
  const keys = [...new Set(views.flatMap(({ entity }) => entity))];
  const entities = keys.map(
    (key) =>
      `${pythonName(key)} = Entity(name=${quoted(pythonName(key))}, join_keys=[Field(${quoted(key)}, String)])`,
  );
  const sources = views.map((view) => {
    const id = pythonName(view.name);
    return `${id}_source = BatchSource(
    name=${quoted(`${id}_source`)},
    batch_config=FileConfig(
        uri=f"{HISTORIES}/${id}.parquet", file_format="parquet", timestamp_field="known_at"
    ),
)`;
  });
  const featureViews = views.map((view) => {
    const id = pythonName(view.name);
    const features = view.features.map(
      (feature) => `        Attribute(${quoted(feature.name)}, Float32${describe(feature.description)}),`,
    );
    return `@batch_feature_view(
    name=${quoted(id)},
    description=${quoted(view.description ?? "")},
    sources=[${id}_source],
    entities=[${view.entity.map(pythonName).join(", ")}],
    mode="pandas",
    batch_schedule=timedelta(days=1),
    ttl=timedelta(days=36500),
    timestamp_field="known_at",
    features=[
${features.join("\n")}
    ],
    online=True,
    offline=True,
    feature_start_time=datetime(1970, 1, 1),
)
def ${id}(${id}_source):
    return ${id}_source`;
  });
  const services = models.map(
    (model) =>
      `${pythonName(model.name)}_service = FeatureService(name=${quoted(pythonName(model.name))}, features=[${model.views.map(pythonName).join(", ")}])`,
  );
  return `${generatedFrom(name)}# Not tested: it was written by Tecton's documentation and has never been applied.
from datetime import datetime, timedelta

from tecton import Attribute, BatchSource, Entity, FeatureService, FileConfig, batch_feature_view
from tecton.types import Field, Float32, String

# Where the Parquet files are that export.sql makes.
HISTORIES = "s3://CHANGE-ME/histories"

${entities.join("\n")}

${sources.join("\n\n")}

${featureViews.join("\n\n\n")}


${services.join("\n")}
`;
}

const describe = (text: string | undefined): string =>
  text === undefined ? "" : `, description=${quoted(text)}`;
